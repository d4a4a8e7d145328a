import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Advisory } from './advisory.ts';
import { advisoryAsOf } from './as-of.ts';

const RECORD: Advisory = {
  id: 'MAL-1',
  kind: 'malware',
  aliases: [],
  published: '2026-05-26T05:52:00.000Z',
  modified: '2026-05-26T13:04:00.000Z',
  withdrawn: '2026-05-26T13:04:00.000Z',
  affected: [],
};

for (const [why, at, expected] of [
  ['was not there before it was published', '2026-05-26T05:00:00Z', 'absent'],
  ['was in force until it was withdrawn', '2026-05-26T08:00:00Z', 'in force'],
  ['is withdrawn since', '2026-05-26T13:04:00Z', 'withdrawn'],
] as const) {
  test(`a record ${why}`, () => {
    const then = advisoryAsOf(RECORD, new Date(at));
    assert.equal(then === undefined ? 'absent' : then.withdrawn === undefined ? 'in force' : 'withdrawn', expected);
  });
}

test('a record without a date of publication was always there', () => {
  const { published: _, ...undated } = RECORD;
  assert.ok(advisoryAsOf(undated, new Date('2000-01-01T00:00:00Z')));
});
