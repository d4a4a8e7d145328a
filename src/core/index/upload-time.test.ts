import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatUploadTime, tryParseUploadTime } from './upload-time.ts';

for (const [why, raw, expected] of [
  ['microseconds', '2026-01-02T03:04:05.678901Z', '2026-01-02T03:04:05.678Z'],
  ['no fraction', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
  ['one digit', '2026-01-02T03:04:05.6Z', '2026-01-02T03:04:05.600Z'],
  ['UTC as an offset', '2026-01-02T03:04:05+00:00', '2026-01-02T03:04:05.000Z'],
  ['a leap day', '2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
] as const) {
  test(`reads ${why}`, () => assert.equal(tryParseUploadTime(raw)?.toISOString(), expected));
}

for (const [why, raw] of [
  ['a date without time, which would be read in some zone', '2026-01-02'],
  ['no zone', '2026-01-02T03:04:05'],
  ['another zone', '2026-01-02T03:04:05+02:00'],
  ['a day that does not exist', '2026-02-30T00:00:00Z'],
  ['the 24th hour', '2026-01-02T24:00:00Z'],
  ['month 13', '2026-13-01T00:00:00Z'],
  ['a number', '1767323045'],
  ['words', 'yesterday'],
  ['a second line', '2026-01-02T03:04:05Z\nx'],
  ['nothing', ''],
] as const) {
  test(`refuses ${why}`, () => assert.equal(tryParseUploadTime(raw), undefined));
}

test('what is written reads back', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (at) => {
      assert.deepEqual(tryParseUploadTime(formatUploadTime(at)), at);
    }),
  );
});
