import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { newerPips } from '../../../test/builders/newer-pip.ts';
import { MARKER_ENVIRONMENTS, pythonTexts } from '../../../test/builders/python-texts.ts';
import { WheelgateError } from '../errors.ts';
import { evaluateMarker, type MarkerEnvironment } from './evaluate-marker.ts';
import { parseFilename, sdistCandidates } from './filename.ts';
import { parseMarker } from './marker.ts';
import { readHeaders } from './metadata-headers.ts';
import { parseProjectName, tryParseProjectName } from './name.ts';
import { macosPlatforms } from './platform-tags.ts';
import { supportedTags } from './rank-wheel.ts';
import { parseRequirement } from './requirement.ts';
import { formatSpecifiers, parseSpecifiers, selectVersions, specifiersAllow } from './specifier.ts';
import { expandTags } from './tags.ts';
import { compareVersions, isPrerelease, parseVersion, publicVersion } from './version.ts';

// Random questions, the same on every run, answered by us and by the `packaging` that pip vendors.
const { pick, many, together, damaged, ...a } = pythonTexts(20_240_917);
const prereleases = () => pick(true, false, null);
const questions = {
  versions: many(30_000, () => [damaged(a.version())] as const),
  pairs: many(30_000, () => together(() => [a.version(), a.version()] as const)),
  specifiers: many(30_000, () =>
    together(() => [pick(damaged, (text: string) => text)(a.specifiers()), a.version(), prereleases()] as const),
  ),
  selections: many(2_000, () => together(() => [a.specifiers(), many(8, a.version), prereleases()] as const)),
  markers: many(4_000, () => [damaged(a.marker()), pick(...MARKER_ENVIRONMENTS)] as const),
  requirements: many(4_000, () => [damaged(a.requirement()), MARKER_ENVIRONMENTS] as const),
  wheels: many(5_000, () => [damaged(a.wheel())] as const),
  sdists: many(5_000, () => [damaged(a.sdist())] as const),
  names: many(
    5_000,
    () => [damaged(pick(a.name(), `${a.name()}${pick('-', '_', '.', '\u212a')}${a.name()}`))] as const,
  ),
  headers: many(
    5_000,
    () =>
      [
        many(
          6,
          () =>
            `${pick('Name: demo', 'A-b:x', 'Summary:  a: b ', ' more', '       |text', '\tx', '', 'no field', 'Name : x', ': x', 'From me', '\ufeffName: x', 'Ä: x')}${pick('\n', '\n', '\r\n', '\r')}`,
        ).join(''),
      ] as const,
  ),
  supported: [
    [[3, 11], 'cp311', ['manylinux_2_17_x86_64', 'linux_x86_64']],
    [[3, 7], 'cp37m', ['win_amd64']],
    [[2, 7], 'cp27mu', ['linux_x86_64']],
  ],
  macs: [
    [14, 'arm64'],
    [12, 'x86_64'],
  ],
} as const;
type Area = keyof typeof questions;
type Question<A extends Area> = (typeof questions)[A][number];

const choice = (prereleases: boolean | null) => (prereleases === null ? {} : { prereleases });
const ours: { readonly [A in Area]: (question: Question<A>) => unknown } = {
  versions: ([raw]) => {
    const parsed = parseVersion(raw);
    return [parsed.text, publicVersion(parsed), isPrerelease(parsed)];
  },
  pairs: ([a, b]) => compareVersions(parseVersion(a), parseVersion(b)),
  specifiers: ([raw, text, prereleases]) =>
    specifiersAllow(parseSpecifiers(raw), parseVersion(text), choice(prereleases)),
  selections: ([raw, texts, prereleases]) =>
    selectVersions(parseSpecifiers(raw), texts.map(parseVersion), choice(prereleases)).map(({ text }) => text),
  markers: ([raw, environment]) => evaluated(raw, environment),
  requirements: ([raw, environments]) => {
    const { project, extras, specifiers, url, marker } = parseRequirement(raw);
    const answers = environments.map(
      (environment) => marker === undefined || orUndefined(() => evaluateMarker(marker, environment)),
    );
    return [
      project,
      extras,
      [...new Set(formatSpecifiers(specifiers).split(',').filter(Boolean))].sort(),
      url ?? null,
      answers,
    ];
  },
  wheels: ([filename]) => {
    const parsed = parseFilename(filename);
    if (parsed.kind !== 'wheel' || parsed.version === undefined) return 'invalid';
    const build = (parsed.build ?? '').replace(/^0+(?=\d)/, ''); // they give a number and the rest
    return [parsed.project, parsed.version.text, build, [...expandTags(parsed.tags)].sort()];
  },
  sdists: ([filename]) => {
    parseFilename(filename);
    const found = sdistCandidates(filename).at(-1);
    return found === undefined ? 'invalid' : [found.project, found.version.text];
  },
  names: ([raw]) => parseProjectName(raw),
  supported: ([python, , platforms]) => supportedTags({ python, platforms, implementation: 'cpython' }),
  macs: ([major, machine]) => macosPlatforms(machine, major),
  headers: ([text]) => {
    const { headers, body } = readHeaders(text);
    return [headers.map(({ name, value }) => [name, value.replace(/[ \t\r\n|]/g, '')]), body];
  },
};

function evaluated(raw: string, environment: MarkerEnvironment): unknown {
  const parsed = parseMarker(raw);
  return orUndefined(() => evaluateMarker(parsed, environment));
}

function orUndefined(evaluate: () => boolean): boolean | 'undefined' {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof WheelgateError && error.code === 'MARKER_INVALID') return 'undefined';
    throw error;
  }
}

function ourAnswer<A extends Area>(area: A, question: Question<A>): unknown {
  try {
    return ours[area](question);
  } catch (error) {
    if (error instanceof WheelgateError) return 'invalid';
    throw error;
  }
}

type Case = {
  readonly area: Area;
  /** What was asked about, as text. */
  readonly text: string;
  readonly rest: readonly unknown[];
  readonly mine: unknown;
  readonly theirs: unknown;
  /** Their `packaging` is older than this version. */
  readonly before: (version: string) => boolean;
};

const isRefused = (answer: unknown) => answer === 'invalid';
const wheelParts = (filename: string) => filename.slice(0, -'.whl'.length).split('-');

/** Every way in which we differ on purpose: where, why, and which differences the reason covers. */
const EXPLAINED: readonly (readonly [areas: readonly Area[], why: string, covers: (found: Case) => boolean])[] = [
  [
    ['versions', 'specifiers', 'markers', 'requirements', 'wheels', 'sdists'],
    'PEP 440 strips six ASCII spaces; they strip every Unicode space, and to us U+00A0 is a character like any other',
    ({ text, mine }) => text.includes('\u00a0') && isRefused(mine),
  ],
  [
    ['markers', 'requirements', 'wheels', 'sdists'],
    'a line end is refused: PEP 508 knows spaces and tabs, and a file name has one line',
    ({ text, mine }) => text.includes('\n') && isRefused(mine),
  ],
  [
    ['requirements'],
    'in a requirement, their === swallows the comma after it, though in a specifier set it does not',
    ({ text, theirs }) => /===[^;)]*,/.test(text) && isRefused(theirs),
  ],
  [
    ['requirements'],
    'they skip an empty clause in a specifier set but not in a requirement; we skip it in both',
    ({ text, theirs }) => /,[ \t]*,/.test(text) && isRefused(theirs),
  ],
  [
    ['markers', 'requirements'],
    'of two variables they compare the first with the name of the second',
    ({ text }) => /[a-z] == [a-z]/.test(text),
  ],
  [
    ['wheels'],
    'a doubled underscore in a project name: pip installed such wheels for years, so that we must read them',
    ({ text, theirs }) => wheelParts(text)[0]!.includes('__') && isRefused(theirs),
  ],
  [
    ['wheels'],
    'the underscore of 1.0_1 stands for the dash that a wheel cannot have, and pip read it so for years',
    ({ text, theirs }) => /_\d/.test(wheelParts(text)[1] ?? '') && isRefused(theirs),
  ],
  [
    ['wheels'],
    'a tag has letters, digits and underscores (PEP 425); they take anything, or nothing at all',
    ({ text, mine }) =>
      isRefused(mine) &&
      !wheelParts(text)
        .slice(-3)
        .every((list) => /^\w+(?:\.\w+)*$/.test(list)),
  ],
  [
    ['wheels'],
    'since 26.3 a Python tag must be a Python identifier',
    ({ text, theirs }) => isRefused(theirs) && /(?:^|\.)\d/.test(wheelParts(text).at(-3) ?? ''),
  ],
  [
    ['wheels', 'sdists'],
    'they do not ask whether the project name is one',
    ({ mine, theirs }) => isRefused(mine) && tryParseProjectName(String((theirs as unknown[])[0])) === undefined,
  ],
  [
    ['sdists'],
    'they take what follows the last dash; we know that 1.0-1 and 1.0-dev are versions too, and list every reading',
    ({ text, theirs }) => {
      const readings = sdistCandidates(text);
      const isOurs = readings.some(({ project, version }) => isDeepStrictEqual(theirs, [project, version.text]));
      const isWrong = isRefused(theirs) || tryParseProjectName(String((theirs as unknown[])[0])) === undefined;
      return (isOurs || isWrong) && readings.some(({ rawVersion }) => rawVersion.includes('-'));
    },
  ],
  [
    ['sdists'],
    'they know .tar.gz and .zip only',
    ({ text, theirs }) => isRefused(theirs) && !/\.(?:tar\.gz|zip)$/.test(text),
  ],
  [
    ['macs'],
    'until 26.3 they wrote fat32 for what distutils called fat3',
    ({ before, theirs }) => before('26.3') && String(theirs).includes('fat32'),
  ],
  [
    ['headers'],
    'the mark of a mail box as the last header starts their body; we pass over it and report it, wherever it stands',
    ({ text, mine, theirs }) =>
      text.includes('From me') && isDeepStrictEqual((theirs as unknown[])[0], (mine as unknown[])[0]),
  ],
  // What packaging itself did otherwise before.
  [
    ['specifiers', 'selections'],
    'until 26 a lone pre-release was refused unless a clause named one, and selecting went clause by clause',
    ({ before, rest, area, mine }) =>
      before('26') &&
      rest[1] === null &&
      (area === 'selections' || (mine === true && isPrerelease(parseVersion(String(rest[0]))))),
  ],
  [
    ['specifiers', 'selections'],
    'until 26 < and > looked at the base version only: >1.0a1 refused 1.0.post1, and <1.0.post1 refused 1.0a1',
    ({ before, text }) => before('26') && /[<>](?!=)/.test(text),
  ],
  [
    ['specifiers', 'selections', 'requirements'],
    'until 22 versions and specifiers outside PEP 440 were taken as "legacy", and === took ";" and ")"',
    ({ before, text }) => before('22') && /===/.test(text),
  ],
  [
    ['specifiers', 'selections', 'requirements'],
    'until 26.3 ~=1.1.pre-1 was read as ~=1.1.0: an unusual spelling hid the suffix',
    ({ before, text }) => before('26.3') && /~=[^,]*(?:[a-z]|-\d)/i.test(text),
  ],
  [
    ['specifiers', 'selections'],
    'until 26 asking whether === names a pre-release failed for what is no version',
    ({ before, text, theirs }) => before('26') && text.includes('===') && isRefused(theirs),
  ],
  [
    ['specifiers', 'selections', 'requirements'],
    'until 23 a post-release could stand before .*, and a version was cut to the length of 1.0.* before zeros were added',
    ({ before, text }) => before('23') && /~=|\.\*/.test(text),
  ],
  [
    ['requirements'],
    'until 22 a URL had to have a scheme and a host; PEP 508 takes any URI reference, which is ours to judge later',
    ({ before, text, theirs }) => before('22') && text.includes('@') && isRefused(theirs),
  ],
  [
    ['markers', 'requirements'],
    'until 26 any variable was compared as a version where it looked like one, texts had an order, a pre-release met no clause, and extras were not normalised',
    ({ before, text, area }) =>
      before('26') &&
      /[<>]|~=|===|[!=]=\s*['"]|['"]\s*[!=]=|\bextra\b/.test(area === 'markers' ? text : text.replace(/^[^;]*;/, '')),
  ],
];

const oracles: readonly { readonly name: string; readonly path?: string }[] = [
  { name: 'the pip of python3' },
  ...newerPips().map((path) => ({ name: 'a newer pip, beside the checkout', path })),
];

for (const { name, path } of oracles) {
  test(`answers as packaging does, vendored by ${name}`, (t) => {
    const script = fileURLToPath(new URL('packaging-oracle.py', import.meta.url));
    const run = spawnSync('python3', path === undefined ? [script] : [script, path], {
      input: JSON.stringify(questions),
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (run.error !== undefined) return t.skip(`python3 does not start: ${run.error.message}`);
    assert.equal(run.status, 0, run.stderr);
    const reply = JSON.parse(run.stdout);
    if (reply.missing !== undefined) return t.skip(`no oracle: ${reply.missing}`);
    const release = parseVersion(reply.version);
    const before = (limit: string) => compareVersions(release, parseVersion(limit)) < 0;
    const counts = new Map<string, number>();
    const unexplained: Case[] = [];
    for (const area of Object.keys(questions) as Area[]) {
      for (const [i, question] of questions[area].entries()) {
        const mine = ourAnswer(area, question as never);
        const theirs = reply.answers[area][i];
        if (isDeepStrictEqual(mine, theirs)) continue;
        const [text, ...rest] = question;
        const found: Case = { area, text: String(text), rest, mine, theirs, before };
        const why = EXPLAINED.find(([areas, , covers]) => areas.includes(area) && covers(found))?.[1];
        if (why === undefined) unexplained.push(found);
        else counts.set(why, (counts.get(why) ?? 0) + 1);
      }
    }
    t.diagnostic(`packaging ${reply.version}`);
    for (const [why, count] of counts) t.diagnostic(`${count} differences: ${why}`);
    const shown = unexplained.slice(0, 10).map(({ area, text, mine, theirs }) => ({ area, text, mine, theirs }));
    assert.deepEqual(shown, [], `${unexplained.length} differences are not explained`);
  });
}
