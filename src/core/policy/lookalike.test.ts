import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProjectName } from '../python/name.ts';
import { indexLookalikes, isOneEdit } from './lookalike.ts';

const index = indexLookalikes(['requests', 'python-dateutil', 'urllib3', 'pip', 'beautifulsoup4', 'numpy']);

for (const [name, other, how] of [
  ['reqeusts', 'requests', 'one-edit'],
  ['request', 'requests', 'one-edit'],
  ['requestss', 'requests', 'one-edit'],
  ['raquests', 'requests', 'one-edit'],
  ['pythondateutil', 'python-dateutil', 'separators'],
  ['dateutil-python', 'python-dateutil', 'swapped-words'],
  ['ur11ib3', 'urllib3', 'confusable-letters'],
  ['nurnpy', 'numpy', 'confusable-letters'],
] as const) {
  test(`${name} looks like ${other}`, () => assert.deepEqual(index.find(parseProjectName(name)), { other, how }));
}

for (const [why, name] of [
  ['a protected name itself', 'requests'],
  ['a short name one letter away', 'pep'],
  ['two letters away', 'raqvests'],
  ['a longer name that contains one', 'requests-oauthlib'],
] as const) {
  test(`${why} is no lookalike`, () => assert.equal(index.find(parseProjectName(name)), undefined));
}

/** The textbook matrix, as an oracle. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = best;
    }
  }
  return rows[a.length]![b.length]!;
}

test('isOneEdit agrees with the distance matrix', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => assert.equal(isOneEdit(a, b), distance(a, b) === 1)),
    { numRuns: 2_000 },
  );
});
