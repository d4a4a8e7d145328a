import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesWildcard } from './wildcard.ts';

for (const [pattern, text, expected] of [
  ['', '', true],
  ['*', '', true],
  ['?', '', false],
  ['evil-*', 'evil-', true],
  ['evil-*', 'evil', false],
  ['*-evil', 'very-evil', true],
  ['*-evil', 'very-evil-too', false],
  ['a*b*c', 'aXbYbZc', true],
  ['a*b*c', 'aXcYb', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a**c', 'ac', true],
  ['abc', 'abcd', false],
] as const) {
  test(`"${pattern}" ${expected ? 'matches' : 'does not match'} "${text}"`, () =>
    assert.equal(matchesWildcard(pattern, text), expected));
}

test('says what the regular expression of the same meaning says', () => {
  const word = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
  fc.assert(
    fc.property(word('ab*?'), word('ab'), (pattern, text) => {
      const regex = new RegExp(`^${pattern.replaceAll('?', '.').replaceAll(/\*+/g, '.*')}$`);
      assert.equal(matchesWildcard(pattern, text), regex.test(text));
    }),
    { numRuns: 2_000 },
  );
});

test('a pattern that makes others go back without end is as quick as any', () => {
  assert.equal(matchesWildcard(`${'*a'.repeat(1_000)}b`, 'a'.repeat(20_000)), false);
});
