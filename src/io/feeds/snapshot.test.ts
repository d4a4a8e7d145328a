import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { anAdvisory } from '../../../test/builders/an-advisory.ts';
import type { Advisory } from '../../core/advisories/advisory.ts';
import type { Feed } from '../../core/advisories/feed.ts';
import { tryParseProjectName } from '../../core/python/name.ts';
import { openFeed } from './open-feed.ts';
import { loadSnapshot, packSnapshot, type SnapshotHeader } from './snapshot.ts';
import { loadTopProjects } from './top-projects.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-snapshot-'));
after(() => rm(root, { recursive: true, force: true }));

const shippedFile = new URL('../../../data/advisories.jsonl.br', import.meta.url);
const realFeed = new URL('../../../../shared/data/osv-pypi.zip', import.meta.url);
const noRealFeed = existsSync(realFeed) ? false : 'needs ../shared/data/osv-pypi.zip';

async function advisoriesOf(feed: Feed): Promise<Advisory[]> {
  const advisories: Advisory[] = [];
  for await (const entry of feed.entries) {
    assert.ok(entry.kind === 'advisory');
    advisories.push(entry.advisory);
  }
  return advisories;
}

async function aFile(bytes: Uint8Array): Promise<URL> {
  const path = join(await mkdtemp(join(root, 'file-')), 'snapshot');
  await writeFile(path, bytes);
  return pathToFileURL(path);
}

test('gives back what was packed, by id, and equal bytes for equal input', async () => {
  const advisories = [anAdvisory({ id: 'PYSEC-2026-2' }), anAdvisory({ summary: 'Schwäche\u2028"' })];
  const packed = packSnapshot({ format: 1, sources: [] }, advisories);
  assert.deepEqual(packSnapshot({ format: 1, sources: [] }, advisories.toReversed()), packed);
  assert.deepEqual(await advisoriesOf(await loadSnapshot(await aFile(packed))), advisories.toReversed());
});

test('its etag changes with its bytes', async () => {
  const [a, b] = [
    packSnapshot({ format: 1, sources: [] }, []),
    packSnapshot({ format: 1, sources: [] }, [anAdvisory()]),
  ];
  const etags = [
    await loadSnapshot(await aFile(a)),
    await loadSnapshot(await aFile(a)),
    await loadSnapshot(await aFile(b)),
  ];
  const [first, again, other] = etags.map(({ validators }) => validators.etag);
  assert.equal(first, again);
  assert.notEqual(first, other);
});

for (const [why, bytes] of [
  ['no Brotli', Buffer.from('{"format":1}\n')],
  ['no header', brotliCompressSync('\n')],
  ['another format', brotliCompressSync('{"format":2}\n')],
] as const) {
  test(`refuses a file with ${why}`, async () => {
    const snapshot = await loadSnapshot(await aFile(bytes));
    await assert.rejects(advisoriesOf(snapshot), { code: 'FEED_INVALID' });
  });
}

test('refuses a package without a snapshot', async () => {
  await assert.rejects(loadSnapshot(pathToFileURL(join(root, 'nowhere'))), { code: 'FEED_INVALID' });
});

test('the shipped snapshot holds what its header credits', async () => {
  const advisories = await advisoriesOf(await loadSnapshot());
  const text = brotliDecompressSync(await readFile(shippedFile)).toString();
  const { sources } = JSON.parse(text.slice(0, text.indexOf('\n'))) as SnapshotHeader;
  assert.equal(
    sources.reduce((sum, { records }) => sum + records, 0),
    advisories.length,
  );
  for (const { licence, url, asOf } of sources) {
    assert.ok(licence !== '' && URL.canParse(url) && advisories.some(({ modified }) => modified === asOf));
  }
  assert.ok(
    advisories.some(({ kind }) => kind === 'malware') && advisories.some(({ kind }) => kind === 'vulnerability'),
  );
});

test('the shipped snapshot is what our reader makes of the real feed today', { skip: noRealFeed }, async () => {
  const answer = await openFeed(realFeed.href);
  assert.ok(answer.kind === 'feed');
  const advisories = await advisoriesOf(answer.feed);
  const shipped = await advisoriesOf(await loadSnapshot());
  // Compared before packing: the bytes of a compressor may differ between versions of Node.
  assert.deepEqual(
    shipped,
    advisories.sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
});

test('the shipped project names are normalised, unique and by rank', async () => {
  const names = await loadTopProjects();
  assert.equal(names.length, 15_000);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.every((name) => tryParseProjectName(name) === name));
  assert.ok(names.indexOf('requests' as never) < 100 && names.includes('requests' as never));
});
