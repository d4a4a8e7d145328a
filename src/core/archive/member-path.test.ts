import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FindingList } from './finding-list.ts';
import { checkPath, normalPath } from './member-path.ts';

for (const [path, codes] of [
  ['demo/__init__.py', []],
  ['demo/', []],
  ['demo/é/日本.txt', []],
  ['demo/..data', []],
  ['demo/...', ['windows-name']],
  ['', ['empty-name']],
  ['/demo', ['absolute-path']],
  ['//host/share', ['absolute-path', 'path-not-normal']],
  ['c:/demo', ['drive-letter', 'windows-name']],
  ['demo\\a.py', ['backslash']],
  ['demo/../a.py', ['parent-path']],
  ['..', ['parent-path']],
  ['./demo', ['path-not-normal']],
  ['demo//a', ['path-not-normal']],
  ['demo/a\0', ['nul-in-name']],
  ['demo/a\u202egnp.py', ['control-in-name']],
  ['demo/a\u200b.py', ['control-in-name']],
  ['demo/\udcff', ['name-not-utf8']],
  ['demo/aux.py', ['windows-name']],
  ['demo/auxiliary.py', []],
  ['demo/a.py.', ['windows-name']],
  ['demo/a.py:stream', ['windows-name']],
  ['a/'.repeat(3000), ['path-too-long']],
] as const) {
  test(`reports of ${JSON.stringify(path).slice(0, 40)}: ${codes.join(', ') || 'nothing'}`, () => {
    const findings = new FindingList();
    checkPath(path, findings);
    assert.deepEqual(
      findings
        .all()
        .map(({ code }) => code)
        .sort(),
      codes,
    );
  });
}

for (const [path, expected] of [
  ['a/b', 'a/b'],
  ['./a//b/.', 'a/b'],
  ['a/../b', 'b'],
  ['../a', '../a'],
  ['a/../../b', '../b'],
  ['../../a', '../../a'],
] as const) {
  test(`places ${path} at ${expected}`, () => assert.equal(normalPath(path), expected));
}

test('a normal path stays as it is', () => {
  const part = fc.constantFrom('a', 'b', '.', '..', '');
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const once = normalPath(parts.join('/'));
      assert.equal(normalPath(once), once);
    }),
  );
});
