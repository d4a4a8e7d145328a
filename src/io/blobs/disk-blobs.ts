import { createHash } from 'node:crypto';
import { constants, copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode, WheelgateError } from '../../core/errors.ts';
import { parseSha256, type Sha256 } from '../../core/sha256.ts';
import type { BlobStore } from '../../gate/ports.ts';
import { diskError, guarded, isErrno } from './disk-error.ts';
import { newPartialPath, preparePartialFolder } from './partial-files.ts';

/** A blob store that can also be checked against its own names. */
export type DiskBlobs = BlobStore & {
  /** True when the bytes still have this digest. @throws NOT_FOUND */
  verify(sha256: Sha256): Promise<boolean>;
  /** Reads everything there is. `strangers` are paths that are no blob; they are left alone. */
  verifyAll(): Promise<{ checked: number; damaged: readonly Sha256[]; strangers: readonly string[] }>;
};

/** What a test replaces to see a disk fail. */
export type DiskCalls = { readonly open: typeof open; readonly rename: typeof rename };

/** Memory per file that is being served, used for one piece after the other: fewer, larger reads cost less per byte. */
const PIECE_BYTES = 256 * 1024;

/**
 * Blobs as files `<root>/blobs/<first two digits>/<sha256>`. Bytes arrive in `<root>/partial/` and move over only when they
 * are whole, verified and on the disk, so that a name that can be seen has its bytes even after a power cut.
 * @param root exists and is writable
 */
export async function openDiskBlobs(root: string, disk: DiskCalls = { open, rename }): Promise<DiskBlobs> {
  await guarded(async () => {
    await prepareBlobFolders(disk, join(root, 'blobs'));
    await preparePartialFolder(join(root, 'partial'));
  });
  return diskBlobsAt(root, disk);
}

/** The blobs of a folder as they are, for looking only: nothing is created, and what others are writing stays. */
export function examineDiskBlobs(root: string): Pick<DiskBlobs, 'verifyAll'> {
  return diskBlobsAt(root, { open, rename });
}

function diskBlobsAt(root: string, disk: DiskCalls): DiskBlobs {
  const blobsFolder = join(root, 'blobs');
  const partialFolder = join(root, 'partial');
  const pathOf = (sha256: Sha256) => join(blobsFolder, sha256.slice(0, 2), sha256);

  /** Moves a whole file to its name and makes the name itself durable. */
  async function publish(partial: string, sha256: Sha256): Promise<void> {
    const path = pathOf(sha256);
    await disk.rename(partial, path);
    await syncFolder(disk, dirname(path));
  }

  const readBlob: BlobStore['read'] = async (sha256, range, take) => {
    const { start, end } = range ?? { start: 0, end: Number.POSITIVE_INFINITY };
    if (start > end) throw new RangeError(`bytes ${start}-${end} are no range`);
    const handle = await disk.open(pathOf(sha256), 'r').catch((error: unknown) => {
      throw readError(sha256, error);
    });
    await closing(handle, async () => {
      // One buffer for all pieces: a new one each time costs a third of the throughput and piles up until it is collected.
      const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, end - start + 1));
      for (let at = start; at <= end; ) {
        const wanted = Math.min(buffer.length, end - at + 1);
        const { bytesRead } = await guarded(() => handle.read(buffer, 0, wanted, at));
        if (bytesRead === 0) return;
        await take(buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
    });
  };

  async function verify(sha256: Sha256): Promise<boolean> {
    const hash = createHash('sha256');
    await readBlob(sha256, undefined, async (piece) => void hash.update(piece));
    return hash.digest('hex') === sha256;
  }

  return {
    async size(sha256) {
      try {
        return (await stat(pathOf(sha256))).size;
      } catch (error) {
        if (isErrno(error, 'ENOENT')) return undefined;
        throw diskError(error);
      }
    },

    read: readBlob,

    async receive(body, limits) {
      const partial = newPartialPath(partialFolder);
      try {
        const handle = await guarded(() => disk.open(partial, 'wx', 0o600)).catch((error: unknown) => {
          void letGo(body);
          throw error;
        });
        const received = await closing(handle, () => writeAndHash(body, handle, limits));
        await guarded(() => publish(partial, received.sha256));
        return received;
      } catch (error) {
        // The reason why it failed is worth more than the reason why the rest could not be removed.
        await rm(partial, { force: true }).catch(() => undefined);
        throw error;
      }
    },

    async withLocalFile(sha256, use) {
      // A second name for the bytes: `remove` in whichever process does not pull the file from under a reader.
      const path = newPartialPath(partialFolder);
      try {
        await linkOrCopy(pathOf(sha256), path).catch((error: unknown) => {
          throw readError(sha256, error);
        });
        return await use(path);
      } finally {
        // What cannot be removed now is removed at the next start.
        await rm(path, { force: true }).catch(() => undefined);
      }
    },

    async remove(sha256) {
      await guarded(() => rm(pathOf(sha256), { force: true }));
    },

    verify,

    async verifyAll() {
      const damaged: Sha256[] = [];
      const strangers: string[] = [];
      let checked = 0;
      for (const entry of await guarded(() => readdir(blobsFolder, { recursive: true, withFileTypes: true }))) {
        if (entry.isDirectory()) continue;
        const path = join(entry.parentPath, entry.name);
        if (!/^[0-9a-f]{64}$/.test(entry.name) || path !== pathOf(parseSha256(entry.name))) {
          strangers.push(path);
          continue;
        }
        const sha256 = parseSha256(entry.name);
        const intact = await verify(sha256).catch((error: unknown) => {
          if (hasCode(error, 'NOT_FOUND')) return undefined;
          throw error;
        });
        if (intact === undefined) continue;
        checked += 1;
        if (!intact) damaged.push(sha256);
      }
      return { checked, damaged, strangers };
    },
  };
}

/** All 256 folders at once: a blob then only has to make its own name durable, not that of its folder. */
async function prepareBlobFolders(disk: DiskCalls, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = new Set(await readdir(folder));
  const names = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));
  const missing = names.filter((name) => !there.has(name));
  await Promise.all(missing.map((name) => mkdir(join(folder, name), { recursive: true, mode: 0o700 })));
  if (missing.length > 0) await syncFolder(disk, folder);
}

/** Ends a sender that nobody is going to read: starting to read and stopping is the one way that works for every kind. */
async function letGo(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of body) break;
  } catch {
    // It ended by itself.
  }
}

/** Takes the next chunk only when the disk took the last one. Errors of `body` pass as they are. */
async function writeAndHash(
  body: AsyncIterable<Uint8Array>,
  handle: FileHandle,
  limits: { expected?: Sha256; maxBytes: number },
): Promise<{ sha256: Sha256; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limits.maxBytes) {
      throw new WheelgateError(
        'FILE_TOO_LARGE',
        `The file has more than ${limits.maxBytes} bytes`,
        'Raise the limit for file sizes in the configuration if the file is meant to be this large.',
      );
    }
    hash.update(chunk);
    await guarded(() => writeAll(handle, chunk));
  }
  const sha256 = parseSha256(hash.digest('hex'));
  if (limits.expected !== undefined && sha256 !== limits.expected) {
    throw new WheelgateError(
      'DIGEST_MISMATCH',
      `The bytes have sha256 ${sha256}, not ${limits.expected}`,
      'The upstream sent other bytes than its page promises. Try again; if it stays, do not install the file.',
    );
  }
  await guarded(() => handle.sync());
  return { sha256, size };
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    done += (await handle.write(chunk, done)).bytesWritten;
  }
}

/** A failing close may be the first word of a failed write (NFS): it fails the work. */
async function closing<T>(handle: FileHandle, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  await guarded(() => handle.close());
  return result;
}

/** Makes a rename in `folder` survive a power cut. Windows cannot open folders and does not need it. */
async function syncFolder(disk: DiskCalls, folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await disk.open(folder, 'r');
  await closing(handle, () => handle.sync());
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // Some file systems (exFAT, some network mounts) have no hard links.
    if (isErrno(error, 'ENOENT')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

function readError(sha256: Sha256, error: unknown): unknown {
  if (!isErrno(error, 'ENOENT')) return diskError(error);
  return new WheelgateError(
    'NOT_FOUND',
    `No blob has sha256 ${sha256}`,
    'Ask for the file again: it is then fetched anew.',
    error,
  );
}
