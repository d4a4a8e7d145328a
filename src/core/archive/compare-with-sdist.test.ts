import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSha256 } from '../sha256.ts';
import { compareWithSdist } from './compare-with-sdist.ts';

/** Members by path; what has the same content has the same letter. */
function members(contents: Readonly<Record<string, string>>) {
  return new Map(Object.entries(contents).map(([path, letter]) => [path, parseSha256(letter.repeat(64))]));
}

const SDIST = members({
  'demo-1.0/src/demo/__init__.py': 'a',
  'demo-1.0/src/demo/run.py': 'b',
  'demo-1.0/setup.py': 'c',
});

for (const [why, wheel, suspicious, expected] of [
  ['files below src', { 'demo/__init__.py': 'a', 'demo/run.py': 'b' }, [], []],
  ['a file that was moved', { 'demo/core/run.py': 'b' }, [], []],
  ['other files than Python', { 'demo/_fast.so': 'f', 'demo-1.0.dist-info/METADATA': 'e' }, [], []],
  ['a file that the sdist lacks', { 'demo/_version.py': 'd' }, [], ['note not-in-sdist demo/_version.py']],
  ['other content', { 'demo/run.py': 'd' }, [], ['note differs-from-sdist demo/run.py']],
  ['a start-up hook', { 'demo.pth': 'd' }, [], ['note not-in-sdist demo.pth']],
  [
    'a library that is put elsewhere',
    { 'demo-1.0.data/purelib/demo/run.py': 'd' },
    [],
    ['note differs-from-sdist demo-1.0.data/purelib/demo/run.py'],
  ],
  ['other content with behaviour', { 'demo/run.py': 'd' }, ['demo/run.py'], ['hold unpublished-code demo/run.py']],
  ['behaviour that is in the sdist too', { 'demo/run.py': 'b' }, ['demo/run.py'], []],
] as const) {
  test(`compares ${why}`, () => {
    const findings = compareWithSdist(members(wheel), SDIST, new Set<string>(suspicious));
    assert.deepEqual(
      findings.map(({ effect, code, file }) => `${effect} ${code} ${file}`),
      expected,
    );
  });
}
