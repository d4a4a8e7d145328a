import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { runOnSmallDisk } from '../../../test/fakes/small-disk.ts';
import { parseSha256 } from '../../core/sha256.ts';
import { type DiskCalls, examineDiskBlobs, openDiskBlobs } from './disk-blobs.ts';
import { newPartialPath } from './partial-files.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-disk-'));
after(() => rm(root, { recursive: true, force: true }));

const aFolder = () => mkdtemp(join(root, 'data-'));
const NO_LIMIT = { maxBytes: Number.MAX_SAFE_INTEGER };
const sha256Of = (bytes: Uint8Array) => parseSha256(createHash('sha256').update(bytes).digest('hex'));

async function* inChunks(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const failure = (code: string) => Object.assign(new Error(`${code}: injected`), { code });

/** A disk whose files fail at one point; `afterBytes` counts per file. */
function failingDisk(at: 'open' | 'write' | 'sync' | 'close' | 'rename', code: string, afterBytes = 0): DiskCalls {
  return {
    open: async (path, flags, mode) => {
      if (at === 'open' && flags === 'wx') throw failure(code);
      const handle = await open(path, flags, mode);
      if (flags !== 'wx') return handle;
      let written = 0;
      const broken = {
        write: async (chunk: Uint8Array, offset: number) => {
          // A disk that runs full takes a part of the last write before it fails.
          const room = at === 'write' ? Math.min(chunk.length - offset, afterBytes - written) : chunk.length - offset;
          if (room <= 0) throw failure(code);
          written += room;
          return handle.write(chunk, offset, room);
        },
        sync: async () => (at === 'sync' ? Promise.reject(failure(code)) : handle.sync()),
        close: async () => {
          await handle.close();
          if (at === 'close') throw failure(code);
        },
      };
      return broken as unknown as typeof handle;
    },
    rename: async (from, to) => (at === 'rename' ? Promise.reject(failure(code)) : rename(from, to)),
  };
}

for (const [why, at, errno, code] of [
  ['no room for a new file', 'open', 'ENOSPC', 'DISK_FULL'],
  ['the disk runs full while it writes', 'write', 'ENOSPC', 'DISK_FULL'],
  ['the quota ends', 'write', 'EDQUOT', 'DISK_FULL'],
  ['the last bytes do not reach the disk', 'sync', 'ENOSPC', 'DISK_FULL'],
  ['the failure shows only when the file is closed', 'close', 'EDQUOT', 'DISK_FULL'],
  ['no room for the new name', 'rename', 'ENOSPC', 'DISK_FULL'],
  ['the disk is broken', 'write', 'EIO', 'STORE_FAILED'],
] as const) {
  test(`leaves nothing behind when ${why}`, async () => {
    const folder = await aFolder();
    const blobs = await openDiskBlobs(folder, failingDisk(at, errno, 2500));
    const bytes = randomBytes(5000);
    await assert.rejects(blobs.receive(inChunks(bytes), NO_LIMIT), { code });
    assert.equal(await blobs.size(sha256Of(bytes)), undefined);
    assert.deepEqual(await filesBelow(folder), []);
  });
}

test('lets go of the sender when no file can be opened for it', async () => {
  const blobs = await openDiskBlobs(await aFolder(), failingDisk('open', 'ENOSPC'));
  const body = Readable.from([randomBytes(10), randomBytes(10)]);
  const closed = new Promise((resolve) => body.once('close', resolve));
  await assert.rejects(blobs.receive(body, NO_LIMIT), { code: 'DISK_FULL' });
  await closed;
});

test('leaves nothing behind of a refused file', async () => {
  const folder = await aFolder();
  const blobs = await openDiskBlobs(folder);
  const body = () => inChunks(randomBytes(5000));
  await assert.rejects(blobs.receive(body(), { maxBytes: 4999 }), { code: 'FILE_TOO_LARGE' });
  const expected = parseSha256('0'.repeat(64));
  await assert.rejects(blobs.receive(body(), { ...NO_LIMIT, expected }), { code: 'DIGEST_MISMATCH' });
  assert.deepEqual(await filesBelow(folder), []);
});

test('writes whole chunks even when the disk takes only parts of them', async () => {
  const bytes = randomBytes(5000);
  const blobs = await openDiskBlobs(await aFolder(), {
    rename,
    open: async (path, flags, mode) => {
      const handle = await open(path, flags, mode);
      const short = (chunk: Uint8Array, offset: number) =>
        handle.write(chunk, offset, Math.min(7, chunk.length - offset));
      return flags === 'wx'
        ? new Proxy(handle, { get: (_, key) => (key === 'write' ? short : bound(handle, key)) })
        : handle;
    },
  });
  const { sha256 } = await blobs.receive(inChunks(bytes), NO_LIMIT);
  assert.equal(await blobs.verify(sha256), true);
});

function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
}

test('a real disk that runs full gives DISK_FULL, keeps what was there and takes files again when there is room', (context) => {
  const result = runOnSmallDisk(
    root,
    1024,
    `import { randomBytes } from 'node:crypto';
    import { openDiskBlobs } from ${JSON.stringify(new URL('./disk-blobs.ts', import.meta.url).href)};
    const blobs = await openDiskBlobs(process.env.SMALL_DISK);
    const send = (bytes) => blobs.receive((async function* () { yield bytes; })(), { maxBytes: 1e9 });
    const { sha256 } = await send(randomBytes(100_000));
    const full = await send(randomBytes(1_500_000)).catch((error) => error.code);
    const { checked, damaged } = await blobs.verifyAll();
    await blobs.remove(sha256);
    const again = await send(randomBytes(100_000));
    console.log(JSON.stringify({ full, checked, damaged, size: again.size }));`,
  );
  if (result === undefined) return context.skip('no small disk can be mounted here');
  assert.deepEqual(result, { full: 'DISK_FULL', checked: 1, damaged: [], size: 100_000 });
});

test('the bytes are durable before their name is there, and the name before the answer', async (context) => {
  if (process.platform === 'win32') return context.skip('folders cannot be synced on Windows');
  const folder = await aFolder();
  await openDiskBlobs(folder);
  const calls: string[] = [];
  const blobs = await openDiskBlobs(folder, {
    open: async (path, flags, mode) => {
      const handle = await open(path, flags, mode);
      const what = flags === 'wx' ? 'file' : 'folder';
      const noted = (name: 'sync' | 'close') => async () => {
        calls.push(`${name} ${what}`);
        await handle[name]();
      };
      const calling = (key: string | symbol) => (key === 'sync' || key === 'close' ? noted(key) : bound(handle, key));
      return new Proxy(handle, { get: (_, key) => calling(key) });
    },
    rename: async (from, to) => {
      calls.push('rename');
      await rename(from, to);
    },
  });
  await blobs.receive(inChunks(randomBytes(5000)), NO_LIMIT);
  assert.deepEqual(calls, ['sync file', 'close file', 'rename', 'sync folder', 'close folder']);
});

test('lays blobs out by their first two digits, readable by the owner only', async () => {
  const folder = await aFolder();
  const blobs = await openDiskBlobs(folder);
  const { sha256 } = await blobs.receive(inChunks(Buffer.from('abc')), NO_LIMIT);
  const path = join(folder, 'blobs', sha256.slice(0, 2), sha256);
  assert.equal(await readFile(path, 'utf8'), 'abc');
  if (process.platform !== 'win32') {
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'blobs'))).mode & 0o777, 0o700);
  }
});

test('finds blobs again after a restart, and repairs folders that a backup left out', async () => {
  const folder = await aFolder();
  const { sha256 } = await (await openDiskBlobs(folder)).receive(inChunks(Buffer.from('abc')), NO_LIMIT);
  for (const name of await readdir(join(folder, 'blobs'))) {
    if (name !== sha256.slice(0, 2)) await rm(join(folder, 'blobs', name), { recursive: true });
  }
  const blobs = await openDiskBlobs(folder);
  assert.equal(await blobs.size(sha256), 3);
  assert.equal((await readdir(join(folder, 'blobs'))).length, 256);
});

test('verify tells bytes that changed on the disk', async () => {
  const folder = await aFolder();
  const blobs = await openDiskBlobs(folder);
  const { sha256 } = await blobs.receive(inChunks(randomBytes(5000)), NO_LIMIT);
  assert.equal(await blobs.verify(sha256), true);
  await truncate(join(folder, 'blobs', sha256.slice(0, 2), sha256), 4999);
  assert.equal(await blobs.verify(sha256), false);
  await assert.rejects(blobs.verify(parseSha256('0'.repeat(64))), { code: 'NOT_FOUND' });
});

test('verifyAll names what is damaged and what does not belong there', async () => {
  const folder = await aFolder();
  const blobs = await openDiskBlobs(folder);
  const good = await blobs.receive(inChunks(Buffer.from('good')), NO_LIMIT);
  const bad = await blobs.receive(inChunks(Buffer.from('bad')), NO_LIMIT);
  await writeFile(join(folder, 'blobs', bad.sha256.slice(0, 2), bad.sha256), 'BAD');
  await writeFile(join(folder, 'blobs', 'note.txt'), 'x');
  const misplaced = join(folder, 'blobs', 'ff', '0'.repeat(64));
  await writeFile(misplaced, 'x');
  const { checked, damaged, strangers } = await blobs.verifyAll();
  assert.deepEqual({ checked, damaged }, { checked: 2, damaged: [bad.sha256] });
  assert.deepEqual([...strangers].sort(), [misplaced, join(folder, 'blobs', 'note.txt')].sort());
  assert.equal(await blobs.verify(good.sha256), true);
});

test('a folder that is a file is reported as what it is', async () => {
  const folder = await aFolder();
  await writeFile(join(folder, 'blobs'), 'x');
  await assert.rejects(openDiskBlobs(folder), { code: 'STORE_FAILED' });
  await mkdir(join(folder, 'other'));
  await assert.doesNotReject(openDiskBlobs(join(folder, 'other')));
});

test('looking at blobs creates nothing and leaves what others are writing', async () => {
  const folder = await aFolder();
  await mkdir(join(folder, 'blobs'));
  await mkdir(join(folder, 'partial'));
  // Whoever opens the folder to write takes this for the rest of a killed process: the server may be in another container.
  const [host, pid] = basename(newPartialPath(folder)).split('.');
  const partial = `${host}.${pid}.${'0'.repeat(12)}.1`;
  await writeFile(join(folder, 'partial', partial), 'x');
  assert.deepEqual(await examineDiskBlobs(folder).verifyAll(), { checked: 0, damaged: [], strangers: [] });
  assert.deepEqual(await readdir(join(folder, 'blobs')), []);
  assert.deepEqual(await readdir(join(folder, 'partial')), [partial]);
  await openDiskBlobs(folder);
  assert.deepEqual(await readdir(join(folder, 'partial')), []);
});
