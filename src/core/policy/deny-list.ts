import { createHash } from 'node:crypto';
import { WheelgateError } from '../errors.ts';
import { quoted } from '../python/quoted.ts';
import { parseReleaseName } from '../python/release-name.ts';
import { parseSpecifiers, type SpecifierSet, specifiersAllow } from '../python/specifier.ts';
import type { Version } from '../python/version.ts';
import { matchesWildcard } from './wildcard.ts';

/** What a team never lets in, by digest, name pattern and range of versions: a file beside the policy. */
export type DenyList = {
  readonly entries: number;
  /** Of the text. */
  readonly sha256: string;
  /** Why a file is denied, one printable line; undefined: it is not. */
  find(file: {
    readonly project: string;
    /** Absent: its name has none that PEP 440 accepts, so that no range can leave it out. */
    readonly version?: Version;
    readonly sha256?: string;
  }): string | undefined;
};

type Entry = {
  readonly line: number;
  readonly reason: string;
  /** Normalised, with `*` and `?`; absent for a digest. */
  readonly pattern: string;
  readonly specifiers?: SpecifierSet;
};

const MAX_ENTRIES = 100_000;
const MAX_REASON = 80;
const NAME = /^[A-Za-z0-9*?](?:[A-Za-z0-9._*?-]{0,198}[A-Za-z0-9*?])?$/;

/** The list of a team that has none. */
export const NO_DENY_LIST: DenyList = { entries: 0, sha256: '', find: () => undefined };

/**
 * Reads a deny list: a line each, `#` and what follows says why.
 *
 *     evil-*                    # names, with * for anything and ? for one character
 *     requests >=2.0,<2.1       # and versions (PEP 440)
 *     pkg:pypi/demo@1.0
 *     sha256:9f86d0…
 *
 * @throws {WheelgateError} POLICY_INVALID, naming line and column
 */
export function parseDenyList(text: string, source: string): DenyList {
  const digests = new Map<string, Entry>();
  const names = new Map<string, Entry[]>();
  const patterns: Entry[] = [];
  let count = 0;
  for (const [at, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const { what, column, reason } = splitLine(raw.replace(/\r$/, ''));
    const fail = (problem: string, offset = 0) => invalid(source, at + 1, column + offset, problem);
    if (reason.length > MAX_REASON || !/^[\x20-\x7e]*$/.test(reason))
      throw invalid(source, at + 1, raw.indexOf('#') + 1, `the reason is more than ${MAX_REASON} characters of ASCII`);
    if (what === '') continue;
    if (++count > MAX_ENTRIES) throw fail(`the list has more than ${MAX_ENTRIES} entries`);
    const about = { line: at + 1, reason };
    const digest = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(what)?.[1];
    if (digest !== undefined) {
      digests.set(digest.toLowerCase(), { ...about, pattern: '' });
      continue;
    }
    const entry = { ...about, ...readSubject(what, fail) };
    if (/[*?]/.test(entry.pattern)) patterns.push(entry);
    else names.set(entry.pattern, [...(names.get(entry.pattern) ?? []), entry]);
  }
  // The files of one page have one name: the patterns are asked once for all of them.
  let last: { readonly project: string; readonly entries: readonly Entry[] } | undefined;
  const entriesOf = (project: string) => {
    if (last?.project !== project) {
      const matching = patterns.filter(({ pattern }) => matchesWildcard(pattern, project));
      last = { project, entries: [...(names.get(project) ?? []), ...matching] };
    }
    return last.entries;
  };
  return {
    entries: count,
    sha256: createHash('sha256').update(text).digest('hex'),
    find({ project, version, sha256 }) {
      const entry =
        (sha256 === undefined ? undefined : digests.get(sha256)) ??
        entriesOf(project).find(({ specifiers }) => !specifiers || !version || specifiersAllow(specifiers, version));
      return entry && `on the deny list, line ${entry.line}${entry.reason === '' ? '' : `: ${entry.reason}`}`;
    },
  };
}

/** @returns what is denied, with its first column, and why */
function splitLine(line: string): { readonly what: string; readonly column: number; readonly reason: string } {
  const hash = line.indexOf('#');
  const before = hash < 0 ? line : line.slice(0, hash);
  const what = before.trim();
  return { what, column: before.indexOf(what) + 1, reason: hash < 0 ? '' : line.slice(hash + 1).trim() };
}

type Fail = (problem: string, offset?: number) => WheelgateError;

function readSubject(what: string, fail: Fail): Pick<Entry, 'pattern' | 'specifiers'> {
  if (what.startsWith('pkg:')) return readPurl(what, fail);
  const end = what.search(/[\s<>=!~]/);
  const name = end < 0 ? what : what.slice(0, end);
  if (!NAME.test(name)) throw fail(`${quoted(name)} is no project name; * and ? stand for other characters`);
  const pattern = name.toLowerCase().replace(/[-_.]+/g, '-');
  if (!/[a-z0-9]/.test(pattern)) throw fail('this would deny everything: that is what the kill switch is for');
  if (end < 0) return { pattern };
  return { pattern, specifiers: readSpecifiers(what.slice(end), (problem, offset = 0) => fail(problem, end + offset)) };
}

function readPurl(what: string, fail: Fail): Pick<Entry, 'pattern' | 'specifiers'> {
  try {
    const { project, version } = parseReleaseName(what);
    return { pattern: project, ...(version !== undefined && { specifiers: parseSpecifiers(`==${version}`) }) };
  } catch (error) {
    throw fail(messageOf(error));
  }
}

/** Clause by clause, so that a mistake has a place. */
function readSpecifiers(text: string, fail: Fail): SpecifierSet {
  let offset = 0;
  for (const clause of text.split(',')) {
    try {
      if (parseSpecifiers(clause.trim()).specifiers.length === 0)
        throw fail('there is no range between the commas', offset);
    } catch (error) {
      if (error instanceof WheelgateError && error.code !== 'SPECIFIER_INVALID') throw error;
      throw fail(messageOf(error), offset + clause.search(/\S|$/));
    }
    offset += clause.length + 1;
  }
  return parseSpecifiers(text);
}

function messageOf(error: unknown): string {
  return error instanceof WheelgateError ? `${error.message}. ${error.help}` : String(error);
}

function invalid(source: string, line: number, column: number, problem: string): WheelgateError {
  return new WheelgateError(
    'POLICY_INVALID',
    `${source}: line ${line}, column ${Math.max(1, column)}: ${problem}`,
    'Correct it and run `wheelgate policy check`; docs/policy.md shows a deny list.',
  );
}
