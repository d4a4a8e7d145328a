import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutPage, decodeCursor } from './cursor.ts';

test('a cursor carries the key of the last entry to the next page', () => {
  const { rows, next } = cutPage(
    [
      { at: 'a', id: 1 },
      { at: 'b', id: 2 },
      { at: 'c', id: 3 },
    ],
    2,
    ({ at, id }) => [at, id],
  );
  assert.deepEqual(
    rows.map(({ id }) => id),
    [1, 2],
  );
  assert.deepEqual(decodeCursor(next!, 2), ['b', 2]);
});

test('the last page has no next one, also when it is exactly full', () => {
  for (const rows of [[], [1], [1, 2]]) assert.equal(cutPage(rows, 2, (row) => [row]).next, null);
});

test('the first page has no cursor', () => assert.equal(decodeCursor(undefined, 1), undefined));

for (const [why, cursor] of [
  ['no base64', '%%%'],
  ['no JSON', Buffer.from('x').toString('base64url')],
  ['no list', Buffer.from('{"length":1}').toString('base64url')],
  ['the cursor of another list', Buffer.from('["a","b"]').toString('base64url')],
  ['a part that is no key', Buffer.from('[{"a":1}]').toString('base64url')],
  ['empty', ''],
] as const) {
  test(`refuses a cursor: ${why}`, () => assert.throws(() => decodeCursor(cursor, 1), { code: 'INPUT_INVALID' }));
}
