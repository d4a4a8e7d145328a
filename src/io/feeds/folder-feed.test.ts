import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { anOsvRecord } from '../../../test/builders/an-advisory.ts';
import { readFolderFeed } from './folder-feed.ts';
import { defaultFeedLimits } from './limits.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-folder-'));
after(() => rm(root, { recursive: true, force: true }));

async function aFolder(files: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(root, 'feed-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

async function read(folder: string, limits = defaultFeedLimits): Promise<string[]> {
  const seen: string[] = [];
  for await (const entry of readFolderFeed(folder, limits)) {
    seen.push(entry.kind === 'advisory' ? entry.advisory.id : `${entry.kind} ${'id' in entry ? entry.id : ''}`.trim());
  }
  return seen;
}

test('reads JSON files of all sub-folders in the order of their paths', async () => {
  const folder = await aFolder({
    'pypi/b/PYSEC-2026-2.json': anOsvRecord({ id: 'PYSEC-2026-2' }),
    'pypi/a/PYSEC-2026-1.json': anOsvRecord(),
    'pypi/a/PYSEC-2026-1.yaml': 'id: PYSEC-2026-1',
    'npm/X.json': anOsvRecord({ affected: [] }),
    'MAL-1.json': '{',
  });
  assert.deepEqual(await read(folder), ['rejected MAL-1', 'ignored', 'PYSEC-2026-1', 'PYSEC-2026-2']);
});

test('does not follow symbolic links', async () => {
  const elsewhere = await aFolder({ 'PYSEC-2026-1.json': anOsvRecord() });
  const folder = await aFolder({ 'PYSEC-2026-2.json': anOsvRecord({ id: 'PYSEC-2026-2' }) });
  await symlink(join(elsewhere, 'PYSEC-2026-1.json'), join(folder, 'link.json'));
  await symlink(elsewhere, join(folder, 'folder.json'));
  assert.deepEqual(await read(folder), ['PYSEC-2026-2']);
});

test('reports a record beyond the limit and goes on', async () => {
  const folder = await aFolder({ 'A-1.json': 'x'.repeat(2_000), 'PYSEC-2026-1.json': anOsvRecord() });
  assert.deepEqual(await read(folder, { ...defaultFeedLimits, maxRecordBytes: 1_000 }), [
    'rejected A-1',
    'PYSEC-2026-1',
  ]);
});

test('refuses more records than the limit', async () => {
  const folder = await aFolder({ 'A-1.json': '', 'A-2.json': '' });
  await assert.rejects(read(folder, { ...defaultFeedLimits, maxRecords: 1 }), { code: 'FEED_INVALID' });
});

test('refuses what cannot be listed', async () => {
  await assert.rejects(read(join(root, 'nowhere')), { code: 'FEED_INVALID' });
});
