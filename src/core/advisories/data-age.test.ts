import assert from 'node:assert/strict';
import test from 'node:test';
import type { AdvisoryHolding, AdvisorySourceStatus } from './advisory-store.ts';
import { dataAsOf, dataDates, sayDataDates } from './data-age.ts';

const held = (records: number, day: string): AdvisoryHolding => ({ records, asOf: `${day}T00:00:00.000Z` });
const status = (source: string, holdings: Pick<AdvisorySourceStatus, 'malware' | 'vulnerabilities'>) => ({
  source,
  ...holdings,
  importedAt: '2026-11-01T00:00:00.000Z',
  validators: {},
});
const snapshot = status('snapshot', {
  malware: held(10_000, '2026-06-14'),
  vulnerabilities: held(2_600, '2024-10-10'),
});

for (const [why, statuses, expected] of [
  ['there is no data', [], undefined],
  ['a source holds nothing', [status('osv', {})], undefined],
  ['fresh malware does not hide old vulnerabilities', [snapshot], '2024-10-10'],
  [
    'a feed with both is as new as the older of its kinds',
    [snapshot, status('osv', { malware: held(12_000, '2026-10-31'), vulnerabilities: held(9_000, '2026-10-30') })],
    '2026-10-30',
  ],
  [
    'a feed of malware alone leaves the vulnerabilities old',
    [snapshot, status('osv', { malware: held(12_000, '2026-10-31') })],
    '2024-10-10',
  ],
  [
    'a handful of own records says nothing about the rest',
    [snapshot, status('team', { malware: held(1, '2026-10-31'), vulnerabilities: held(3, '2026-10-31') })],
    '2024-10-10',
  ],
  ['one source of one kind counts for itself', [status('team', { malware: held(1, '2026-10-31') })], '2026-10-31'],
  [
    'a source whose records are all withdrawn still is data',
    [status('team', { malware: held(0, '2026-10-31') })],
    '2026-10-31',
  ],
] as const) {
  test(why, () => assert.equal(dataAsOf(dataDates(statuses))?.toISOString().slice(0, 10), expected));
}

test('says the date of each kind that there is', () => {
  assert.equal(sayDataDates(dataDates([snapshot])), 'malware of 2026-06-14, vulnerabilities of 2024-10-10');
  const only = sayDataDates(dataDates([status('team', { malware: held(1, '2026-10-31') })]), () => ' (old)');
  assert.equal(only, 'malware of 2026-10-31 (old)');
  assert.equal(sayDataDates({}), '');
});
