import assert from 'node:assert/strict';
import test from 'node:test';
import { hasCode } from '../errors.ts';
import { readChangeList } from './change-list.ts';

const LIST = `2026-08-21T06:10:00.123456Z,PYSEC-2026-9
2026-08-21T06:00:00Z,MAL-2026-4750
2026-08-21T06:00:00Z,GHSA-aaaa-bbbb-cccc
2026-08-20T00:00:00Z,PYSEC-2026-1
`;
const NEWEST = '2026-08-21T06:10:00.123Z';

for (const [why, since, ids] of [
  [
    'everything at that time and later',
    '2026-08-21T06:00:00.000Z',
    ['PYSEC-2026-9', 'MAL-2026-4750', 'GHSA-aaaa-bbbb-cccc'],
  ],
  ['the newest again, for its time may be that of others too', NEWEST, ['PYSEC-2026-9']],
  ['nothing when it is the first time', undefined, []],
  ['nothing when all is older', '2026-09-01T00:00:00.000Z', []],
] as const) {
  test(`names ${why}`, () => assert.deepEqual(readChangeList(LIST, since), { newest: NEWEST, ids }));
}

for (const [why, text] of [
  ['an empty file', '\n'],
  ['a page of HTML', '<!doctype html>'],
  ['an id that leads elsewhere', '2026-08-21T06:10:00Z,../x'],
  ['a time that does not exist', '2026-99-21T06:10:00Z,X-1'],
  ['times that rise, so that the end tells nothing', '2026-08-20T00:00:00Z,X-1\n2026-08-21T00:00:00Z,X-2\n'],
] as const) {
  test(`refuses ${why}`, () =>
    assert.throws(
      () => readChangeList(text, '2020-01-01T00:00:00Z'),
      (error) => hasCode(error, 'FEED_INVALID'),
    ));
}
