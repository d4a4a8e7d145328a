import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openDataFolder } from './data-folder.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-folder-'));
after(() => rm(root, { recursive: true, force: true }));

test('creates the folder and those above it for its owner only, and says where things are', async () => {
  const path = join(root, 'new', 'data');
  assert.deepEqual(await openDataFolder(path), { databasePath: join(path, 'wheelgate.db'), blobsRoot: path });
  if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o700);
});

test('takes a folder that is there as it is', async () => {
  const path = join(root, 'there');
  await mkdir(path, { mode: 0o750 });
  await writeFile(join(path, 'note'), 'x');
  await openDataFolder(path);
  if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o750);
});

for (const [why, ...below] of [
  ['a file', 'file'],
  ['below a file', 'file', 'data'],
] as const) {
  test(`refuses a path that is ${why}`, async () => {
    await writeFile(join(root, 'file'), 'x');
    await assert.rejects(openDataFolder(join(root, ...below)), { code: 'CONFIG_INVALID', message: /is not a folder/ });
  });
}

test('refuses a folder that cannot be written', async (context) => {
  if (process.getuid?.() === 0 || process.platform === 'win32') return context.skip('root may write everywhere');
  const path = join(root, 'locked');
  await mkdir(path);
  await chmod(path, 0o500);
  await assert.rejects(openDataFolder(path), { code: 'CONFIG_INVALID', help: /--data/ });
  await assert.rejects(openDataFolder(join(path, 'below')), { code: 'CONFIG_INVALID', help: /--data/ });
});
