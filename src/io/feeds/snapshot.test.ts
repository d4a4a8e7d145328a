import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { anAdvisory, anAffected } from '../../../test/builders/an-advisory.ts';
import type { Advisory } from '../../core/advisories/advisory.ts';
import type { Feed } from '../../core/advisories/feed.ts';
import { parseProjectName, tryParseProjectName } from '../../core/python/name.ts';
import { openFeed } from './open-feed.ts';
import { loadSnapshot, packSnapshot, readFromSnapshot, type SnapshotHeader } from './snapshot.ts';
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
  const packed = packSnapshot([], advisories);
  assert.deepEqual(packSnapshot([], advisories.toReversed()), packed);
  assert.deepEqual(await advisoriesOf(await loadSnapshot(await aFile(packed))), advisories.toReversed());
});

test('its etag changes with its bytes', async () => {
  const [a, b] = [packSnapshot([], []), packSnapshot([], [anAdvisory()])];
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
  ['no Brotli', Buffer.from('{"format":2}\n')],
  ['no header', brotliCompressSync('\n')],
  ['an older format', brotliCompressSync('{"format":1}\n')],
] as const) {
  test(`refuses a file with ${why}`, async () => {
    const snapshot = await loadSnapshot(await aFile(bytes));
    await assert.rejects(advisoriesOf(snapshot), { code: 'FEED_INVALID' });
  });
}

test('reads the advisories of some projects only', async () => {
  const affecting = (id: string, ...names: string[]) =>
    anAdvisory({
      id,
      summary: 'Schwäche',
      affected: names.map((name) => anAffected({ project: parseProjectName(name) })),
    });
  const advisories = [
    affecting('A-1', 'ape'),
    affecting('A-2', 'bee', 'cat'),
    affecting('A-3'),
    affecting('A-4', 'dog'),
  ];
  const file = await aFile(packSnapshot([], advisories));
  const read = async (...names: string[]) =>
    (await readFromSnapshot(new Set(names.map((name) => parseProjectName(name))), file)).advisories;
  assert.deepEqual(await read('cat', 'dog', 'a'), [advisories[1], advisories[3]]);
  assert.deepEqual(await read('eel'), []);
});

test('refuses an index that does not fit the records', async () => {
  const text = brotliDecompressSync(packSnapshot([], [anAdvisory()])).toString();
  const file = await aFile(brotliCompressSync(text.replace(/\n(\d+) demo\n$/, '\n1 demo\n')));
  await assert.rejects(readFromSnapshot(new Set(), file), { code: 'FEED_INVALID' });
});

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
