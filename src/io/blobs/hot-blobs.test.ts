import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createMemoryBlobs } from '../../../test/fakes/memory-blobs.ts';
import { parseSha256, type Sha256 } from '../../core/sha256.ts';
import type { BlobStore } from '../../gate/ports.ts';
import { keepHotBlobs } from './hot-blobs.ts';

const LIMITS = { maxBytes: 10_000, maxBlobBytes: 2_000 };

/** Blobs whose `read` calls are counted. */
function counted(): { blobs: BlobStore; reads: Sha256[] } {
  const inner = createMemoryBlobs();
  const reads: Sha256[] = [];
  const blobs: BlobStore = {
    ...inner,
    read(sha256, range, take) {
      reads.push(sha256);
      return inner.read(sha256, range, take);
    },
  };
  return { blobs, reads };
}

async function put(blobs: BlobStore, bytes: Uint8Array): Promise<Sha256> {
  async function* body() {
    yield bytes;
  }
  return (await blobs.receive(body(), { maxBytes: bytes.length })).sha256;
}

async function read(blobs: BlobStore, sha256: Sha256, range?: { start: number; end: number }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await blobs.read(sha256, range, async (piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}

test('reads a small blob once, whole or in ranges', async () => {
  const { blobs, reads } = counted();
  const hot = keepHotBlobs(blobs, LIMITS);
  const bytes = randomBytes(2_000);
  const sha256 = await put(hot, bytes);
  assert.deepEqual(await read(hot, sha256, { start: 5, end: 9 }), bytes.subarray(5, 10));
  assert.deepEqual(await read(hot, sha256), bytes);
  assert.equal(await hot.size(sha256), 2_000);
  assert.equal(reads.length, 1);
});

test('clients that ask at the same time share one read', async () => {
  const { blobs, reads } = counted();
  const hot = keepHotBlobs(blobs, LIMITS);
  const sha256 = await put(hot, randomBytes(1_000));
  await Promise.all(Array.from({ length: 20 }, () => read(hot, sha256)));
  assert.equal(reads.length, 1);
});

test('streams what is larger than a blob may be, every time', async () => {
  const { blobs, reads } = counted();
  const hot = keepHotBlobs(blobs, LIMITS);
  const bytes = randomBytes(2_001);
  const sha256 = await put(hot, bytes);
  for (let i = 0; i < 2; i++) assert.deepEqual(await read(hot, sha256), bytes);
  assert.equal(reads.length, 2);
});

test('never keeps more than it may: what was asked for longest ago goes', async () => {
  const { blobs, reads } = counted();
  const hot = keepHotBlobs(blobs, LIMITS);
  const all: Sha256[] = [];
  for (let i = 0; i < 6; i++) all.push(await put(hot, randomBytes(1_800)));
  for (const sha256 of all) await read(hot, sha256);
  reads.length = 0;
  await read(hot, all.at(-1)!);
  assert.deepEqual(reads, []);
  await read(hot, all[0]!);
  assert.deepEqual(reads, [all[0]]);
});

test('a removed blob is gone', async () => {
  const hot = keepHotBlobs(createMemoryBlobs(), LIMITS);
  const sha256 = await put(hot, randomBytes(100));
  await read(hot, sha256);
  await hot.remove(sha256);
  assert.equal(await hot.size(sha256), undefined);
  await assert.rejects(read(hot, sha256), { code: 'NOT_FOUND' });
});

test('a read that fails is not kept', async () => {
  const inner = createMemoryBlobs();
  const sha256 = await put(inner, randomBytes(100));
  let broken = true;
  const hot = keepHotBlobs(
    {
      ...inner,
      read: (asked, range, take) => (broken ? Promise.reject(new Error('disk')) : inner.read(asked, range, take)),
    },
    LIMITS,
  );
  await assert.rejects(read(hot, sha256), /disk/);
  broken = false;
  assert.equal((await read(hot, sha256)).length, 100);
});

test('says that a blob was never there', async () => {
  const hot = keepHotBlobs(createMemoryBlobs(), LIMITS);
  await assert.rejects(read(hot, parseSha256('0'.repeat(64))), { code: 'NOT_FOUND' });
});
