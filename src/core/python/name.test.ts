import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProjectName, tryParseProjectName } from './name.ts';

for (const [why, raw, expected] of [
  ['case', 'Django', 'django'],
  ['one separator', 'zope.interface', 'zope-interface'],
  ['a run of separators', 'a-_.b', 'a-b'],
  ['nothing in a name that is normal already', 'a-b-2', 'a-b-2'],
  ['a single letter', 'X', 'x'],
  ['a digit', '2', '2'],
] as const) {
  test(`normalises ${why}`, () => assert.equal(parseProjectName(raw), expected));
}

for (const [why, raw] of [
  ['the empty text', ''],
  ['a path', '../etc'],
  ['a trailing newline, which Python and multi-line patterns let pass', 'a\n'],
  ['the Kelvin sign, which case folding turns into k', '\u212Ait'],
  ['a long s, which case folding turns into s', 'reque\u017Fts'],
  ['letters outside ASCII', 'café'],
  ['a separator in front', '-a'],
  ['a separator at the end', 'a.'],
  ['separators only', '_'],
  ['a space', 'a b'],
  ['NUL', 'a\0b'],
] as const) {
  test(`refuses ${why}`, () => {
    assert.throws(() => parseProjectName(raw), { code: 'NAME_INVALID' });
    assert.equal(tryParseProjectName(raw), undefined);
  });
}

test('says what was wrong without repeating control characters', () => {
  assert.throws(() => parseProjectName('a\u001b[2J'), { message: '"a\\u001b[2J" is not a project name' });
});

test('gives only names that are their own normal form', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/)), (raw) => {
      const project = tryParseProjectName(raw);
      if (project === undefined) return;
      assert.match(project, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      assert.equal(parseProjectName(project), project);
    }),
  );
});
