import assert from 'node:assert/strict';
import test from 'node:test';
import { aZip } from '../../../test/builders/a-zip.ts';
import { anOsvRecord } from '../../../test/builders/an-advisory.ts';
import { hasCode } from '../../core/errors.ts';
import { defaultFeedLimits } from './limits.ts';
import { readZipFeed } from './zip-feed.ts';

const record = (id: string, over: Record<string, unknown> = {}) => ({
  name: `${id}.json`,
  data: JSON.stringify(anOsvRecord({ id, ...over })),
});

async function read(bytes: Uint8Array, limits = defaultFeedLimits): Promise<string[]> {
  const seen: string[] = [];
  for await (const entry of readZipFeed(bytes, limits)) {
    seen.push(entry.kind === 'advisory' ? entry.advisory.id : `${entry.kind} ${'id' in entry ? entry.id : ''}`.trim());
  }
  return seen;
}

test('reads the records, and only them', async () => {
  const zip = aZip([
    record('PYSEC-2026-1'),
    { name: 'README.md', data: '#' },
    { name: 'osv/', data: '' },
    { ...record('PYSEC-2026-2'), name: 'osv/pypi/PYSEC-2026-2.JSON' },
    record('GHSA-1', { affected: [] }),
  ]);
  assert.deepEqual(await read(zip), ['PYSEC-2026-1', 'PYSEC-2026-2', 'ignored']);
});

test('reports broken records and goes on', async () => {
  const zip = aZip([{ name: 'PYSEC-2026-1.json', data: '{' }, record('PYSEC-2026-2')]);
  assert.deepEqual(await read(zip), ['rejected PYSEC-2026-1', 'PYSEC-2026-2']);
});

test('reports a record beyond the limit without expanding it', async () => {
  const zip = aZip([record('PYSEC-2026-1', { details: 'x'.repeat(10_000) }), record('PYSEC-2026-2')]);
  assert.deepEqual(await read(zip, { ...defaultFeedLimits, maxRecordBytes: 5_000 }), [
    'rejected PYSEC-2026-1',
    'PYSEC-2026-2',
  ]);
});

const honest = aZip([record('PYSEC-2026-1'), record('PYSEC-2026-2')]);
for (const [why, bytes, limits] of [
  ['an empty file', new Uint8Array(), {}],
  ['a page of HTML instead of a zip', Buffer.from('<!doctype html>'), {}],
  ['a download that broke off', honest.subarray(0, honest.length - 40), {}],
  [
    'a record with another sum than the directory says',
    aZip([record('PYSEC-2026-1'), { ...record('PYSEC-2026-2'), central: { crc: 1 } }]),
    {},
  ],
  ['more records than the limit', honest, { maxRecords: 1 }],
  ['more expanded bytes than the limit', honest, { maxExpandedBytes: 100 }],
] as const) {
  test(`refuses ${why} as a whole`, async () => {
    await assert.rejects(read(bytes, { ...defaultFeedLimits, ...limits }), (error) => hasCode(error, 'FEED_INVALID'));
  });
}
