import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDurationMs, sayDuration, writeDuration } from './duration.ts';
import { parseSize } from './size.ts';

for (const [raw, ms] of [
  ['0', 0],
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
] as const) {
  test(`reads the duration ${raw}`, () => assert.equal(parseDurationMs(raw), ms));
}
for (const raw of ['', '7', 'd', '7 d', '-1d', '1.5d', '7D', '99999999d']) {
  test(`refuses the duration "${raw}"`, () => assert.throws(() => parseDurationMs(raw), { code: 'CONFIG_INVALID' }));
}
for (const raw of ['0', '90s', '30m', '36h', '1h', '7d', '14d']) {
  test(`writes ${raw} as it was read`, () => assert.equal(writeDuration(parseDurationMs(raw)), raw));
}
for (const [ms, said] of [
  [10, '1 minute'],
  [150_000, '2 minutes'],
  [3_600_000, '1 hour'],
  [47 * 3_600_000, '47 hours'],
  [2 * 86_400_000, '2 days'],
] as const) {
  test(`says ${ms} ms as ${said}`, () => assert.equal(sayDuration(ms), said));
}
for (const [raw, bytes] of [
  ['1B', 1],
  ['500MB', 5e8],
  ['2GB', 2e9],
  ['64MiB', 67_108_864],
  ['1 KiB', 1024],
] as const) {
  test(`reads the size ${raw}`, () => assert.equal(parseSize(raw), bytes));
}
for (const raw of ['', '5', '5mb', 'GB', '-1GB', '1.5GB']) {
  test(`refuses the size "${raw}"`, () => assert.throws(() => parseSize(raw), { code: 'CONFIG_INVALID' }));
}
