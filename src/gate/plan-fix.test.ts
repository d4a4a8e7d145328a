import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../test/fakes/memory-files.ts';
import { parseTarget } from '../core/manifest/marker-target.ts';
import { readManifest } from '../core/manifest/read-manifest.ts';
import { type ProjectName, parseProjectName } from '../core/python/name.ts';
import { parseRequirement } from '../core/python/requirement.ts';
import { compareVersions, parseVersion } from '../core/python/version.ts';
import { parseSha256 } from '../core/sha256.ts';
import { type FixNeeds, planFix } from './plan-fix.ts';
import type { ReleaseSource } from './ports.ts';

type Index = Readonly<Record<string, Readonly<Record<string, readonly string[] | string | undefined>>>>;

/** Releases by project and version: what each asks for, or why it is refused, or undefined when nobody can tell. */
function indexOf(index: Index, requiresPython: Readonly<Record<string, string>> = {}): ReleaseSource {
  return {
    async releases(project) {
      return Object.entries(index[project] ?? {})
        .map(([text, asks]) => ({
          version: parseVersion(text),
          sha256: [parseSha256('a'.repeat(64))],
          requiresPython: [requiresPython[`${project} ${text}`] ?? []].flat(),
          ...(typeof asks === 'string' && { refused: asks }),
        }))
        .sort((a, b) => compareVersions(a.version, b.version));
    },
    async requirements(project, version) {
      const asks = index[project]?.[version.text];
      return typeof asks === 'string' ? [] : asks?.map(parseRequirement);
    },
  };
}

/** @param bad releases that something is known against, as `name version` */
async function plan(text: string, index: Index, bad: readonly string[], over: Partial<FixNeeds> = {}) {
  const { pins } = await readManifest('r.txt', memoryFiles({ 'r.txt': text }));
  const findingsOf: FixNeeds['findingsOf'] = async (project, { text: version }) =>
    bad.includes(`${project} ${version}`) ? ['CVE-1'] : [];
  const affected: ProjectName[] = [...new Set(bad.map((release) => parseProjectName(release.split(' ')[0]!)))];
  const needs = { source: indexOf(index), findingsOf, target: {}, isComplete: false, frozen: new Map(), ...over };
  const { raises, refused, remarks } = await planFix(pins, affected, needs);
  return {
    raises: raises.map(({ project, from, to, because }) => {
      return `${project} ${from.text} > ${to.version.text}${because === undefined ? '' : ` (${because})`}`;
    }),
    refused: refused.map(({ project, version, reason }) => `${project} ${version}: ${reason}`),
    remarks,
  };
}

test('takes the smallest later release that nothing is known against', async () => {
  const index = { a: { '1.0': [], '1.1': [], '1.2': [], '1.3': [], '0.9': [] } };
  assert.deepEqual((await plan('a==1.0', index, ['a 1.0', 'a 1.1'])).raises, ['a 1.0 > 1.2']);
});

test('passes over what may not be installed', async () => {
  const index = { a: { '1.0': [], '1.1': 'yanked', '1.2rc1': [], '1.3': [], '1.4': [] } };
  const source = indexOf(index, { 'a 1.3': '>=3.12' });
  const target = parseTarget('3.11', undefined);
  assert.deepEqual((await plan('a==1.0', index, ['a 1.0'], { source, target })).raises, ['a 1.0 > 1.4']);
  assert.deepEqual((await plan('a==1.0', index, ['a 1.0'], { source })).raises, ['a 1.0 > 1.3'], 'any Python');
});

test('raises a parent that caps, and says which', async () => {
  const index = {
    child: { '1.0': [], '2.0': [] },
    parent: { '1.0': ['child<2'], '1.1': ['child<1.5'], '1.2': ['child<3'] },
  };
  assert.deepEqual(await plan('parent==1.0\nchild==1.0', index, ['child 1.0']), {
    raises: ['parent 1.0 > 1.2 (parent 1.0 asks for child<2)', 'child 1.0 > 2.0'],
    refused: [],
    remarks: [],
  });
});

test('raises what the new release asks for, through several steps', async () => {
  const index = {
    a: { '1.0': ['b'], '2.0': ['b>=2'] },
    b: { '1.0': [], '2.0': ['c>=2,<3'] },
    c: { '1.0': [], '2.5': [] },
  };
  assert.deepEqual((await plan('a==1.0\nb==1.0\nc==1.0', index, ['a 1.0'])).raises, [
    'a 1.0 > 2.0',
    'b 1.0 > 2.0 (a 2.0 asks for b>=2)',
    'c 1.0 > 2.5 (b 2.0 asks for c>=2,<3)',
  ]);
});

for (const [why, text, index, bad, reason] of [
  ['every later release is affected', 'a==1', { a: { '1': [], '2': [] } }, ['a 1', 'a 2'], /^a 1: a 2 is affected too/],
  ['there is none', 'a==2', { a: { '1': [], '2': [] } }, ['a 2'], /^a 2: no index has a release after 2$/],
  ['the index holds it', 'a==1', { a: { '1': [], '2': 'held: 2 days old' } }, ['a 1'], /^a 1: a 2: held: 2 days old$/],
  [
    'a parent caps it and has no later release',
    'p==1\na==1',
    { a: { '1': [], '2': [] }, p: { '1': ['a<2'] } },
    ['a 1'],
    /^a 1: p 1 asks for a<2, and no index has a release after 1$/,
  ],
  [
    'only a lower release of another one fits',
    'b==2\na==1',
    { a: { '1': [], '2': ['b<2'] }, b: { '1': [], '2': [], '3': [] } },
    ['a 1'],
    /^a 1: a 2 asks for b<2, and no later release of b fits$/,
  ],
  [
    'it is pinned twice',
    'a==1; sys_platform=="x"\na==2; sys_platform=="y"',
    { a: { '1': [], '3': [] } },
    ['a 1'],
    /pinned to 1 too/,
  ],
] as const) {
  test(`refuses with the reason when ${why}`, async () => {
    const { raises, refused } = await plan(text, index, bad);
    assert.deepEqual(raises, []);
    assert.match(refused[0]!, reason);
  });
}

test('stays with the build that a local version names', async () => {
  const index = { a: { '1.0': [], '1.0+cpu': [], '1.1': [], '1.1+cu118': [], '1.2+cpu': [], '1.3': [] } };
  assert.deepEqual((await plan('a==1.0+cpu', index, ['a 1.0+cpu'])).raises, ['a 1.0+cpu > 1.2+cpu']);
  assert.deepEqual((await plan('a==1.0', index, ['a 1.0'])).raises, ['a 1.0 > 1.1']);
});

test('a file with hashes names everything, so a release that asks for more does not fit', async () => {
  const index = { a: { '1': ['old'], '2': ['new'], '3': ['old'] } };
  assert.deepEqual((await plan('a==1', index, ['a 1'], { isComplete: true })).raises, ['a 1 > 3']);
  assert.deepEqual((await plan('a==1', index, ['a 1'])).raises, ['a 1 > 2']);
});

test('extras and markers decide what a parent asks for', async () => {
  const index = {
    a: { '1': [], '2': [] },
    p: { '1': ['a<2; extra == "x"', 'a<2; python_version < "3"'] },
    q: { '1': ['p[x]'] },
  };
  const target = parseTarget('3.11', undefined);
  assert.deepEqual((await plan('p==1\na==1', index, ['a 1'], { target })).raises, ['a 1 > 2']);
  assert.deepEqual((await plan('p[x]==1\na==1', index, ['a 1'], { target })).raises, []);
  assert.deepEqual(
    (await plan('p==1\nq==1\na==1', index, ['a 1'], { target })).raises,
    [],
    'another pin asks for the extra',
  );
});

test('says what could not be checked', async () => {
  const { raises, remarks } = await plan('p==1\na==1', { a: { '1': [], '2': [] }, p: { '1': undefined } }, ['a 1']);
  assert.deepEqual(raises, ['a 1 > 2']);
  assert.match(remarks[0]!, /^what p 1 ask for could not be read/);
});

test('releases that cap each other end, with a reason', async () => {
  const index = { a: { '1': ['b==1'], '2': ['b==2'] }, b: { '1': ['a==1'], '2': ['a==2'], '3': ['a==1'] } };
  const { raises, refused } = await plan('a==1\nb==1', index, ['a 1']);
  assert.deepEqual([raises, refused], [['a 1 > 2', 'b 1 > 2 (b 1 asks for a==1)'], []]);
});
