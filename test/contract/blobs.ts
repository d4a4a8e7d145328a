import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import test from 'node:test';
import { hasCode } from '../../src/core/errors.ts';
import { parseSha256, type Sha256 } from '../../src/core/sha256.ts';
import type { BlobStore } from '../../src/gate/ports.ts';

const sha256Of = (bytes: Uint8Array) => parseSha256(createHash('sha256').update(bytes).digest('hex'));
const NOWHERE = parseSha256('0'.repeat(64));
const NO_LIMIT = { maxBytes: Number.MAX_SAFE_INTEGER };

async function* inChunks(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(blobs: BlobStore, sha256: Sha256, range?: { start: number; end: number }): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await blobs.read(sha256, range, async (piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}

/** What every `BlobStore` does. `create` gives an empty one. */
export function blobStoreContract(name: string, create: () => Promise<BlobStore>): void {
  const contract = (what: string, check: (blobs: BlobStore) => Promise<void>) =>
    test(`${name}: ${what}`, async () => check(await create()));

  contract('gives back the bytes that came in, whatever their chunks were', async (blobs) => {
    const bytes = randomBytes(10_000);
    const sha256 = sha256Of(bytes);
    assert.deepEqual(await blobs.receive(inChunks(bytes), NO_LIMIT), { sha256, size: 10_000 });
    assert.equal(await blobs.size(sha256), 10_000);
    assert.deepEqual(await readAll(blobs, sha256), bytes);
  });

  contract('keeps an empty file', async (blobs) => {
    const { sha256 } = await blobs.receive(inChunks(new Uint8Array()), { ...NO_LIMIT, maxBytes: 0 });
    assert.equal(sha256, sha256Of(new Uint8Array()));
    assert.equal(await blobs.size(sha256), 0);
    assert.equal((await readAll(blobs, sha256)).length, 0);
  });

  contract('copies what it keeps: a sender may use its buffer again', async (blobs) => {
    const buffer = Buffer.from('first');
    async function* body() {
      yield buffer;
      buffer.write('later');
      yield buffer;
    }
    const { sha256 } = await blobs.receive(body(), NO_LIMIT);
    assert.equal((await readAll(blobs, sha256)).toString(), 'firstlater');
  });

  contract('says that a blob is not there', async (blobs) => {
    assert.equal(await blobs.size(NOWHERE), undefined);
    await assert.rejects(readAll(blobs, NOWHERE), { code: 'NOT_FOUND' });
    await assert.rejects(
      blobs.withLocalFile(NOWHERE, async () => assert.fail('there is no file to use')),
      { code: 'NOT_FOUND' },
    );
    await blobs.remove(NOWHERE);
  });

  for (const [why, range, expected] of [
    ['from the start', { start: 0, end: 3 }, '0123'],
    ['in the middle, both ends included', { start: 3, end: 5 }, '345'],
    ['of one byte', { start: 9, end: 9 }, '9'],
    ['past the end', { start: 8, end: 1000 }, '89'],
  ] as const) {
    contract(`reads a range ${why}`, async (blobs) => {
      const { sha256 } = await blobs.receive(inChunks(Buffer.from('0123456789'), 3), NO_LIMIT);
      assert.equal((await readAll(blobs, sha256, range)).toString(), expected);
    });
  }

  contract('refuses a range that ends before it starts', async (blobs) => {
    const { sha256 } = await blobs.receive(inChunks(Buffer.from('0123456789')), NO_LIMIT);
    await assert.rejects(readAll(blobs, sha256, { start: 5, end: 4 }), RangeError);
  });

  contract('shows nothing of bytes that differ from the expected digest', async (blobs) => {
    const bytes = randomBytes(5000);
    await assert.rejects(blobs.receive(inChunks(bytes), { ...NO_LIMIT, expected: NOWHERE }), {
      code: 'DIGEST_MISMATCH',
    });
    assert.equal(await blobs.size(NOWHERE), undefined);
    assert.equal(await blobs.size(sha256Of(bytes)), undefined);
    await blobs.receive(inChunks(bytes), { ...NO_LIMIT, expected: sha256Of(bytes) });
    assert.equal(await blobs.size(sha256Of(bytes)), 5000);
  });

  contract('takes exactly the limit, stops one byte past it and lets go of the sender', async (blobs) => {
    const bytes = randomBytes(3000);
    let released = false;
    async function* body() {
      try {
        yield* inChunks(bytes);
        yield Buffer.from('x');
        assert.fail('read on after the limit');
      } finally {
        released = true;
      }
    }
    await assert.rejects(blobs.receive(body(), { maxBytes: 3000 }), { code: 'FILE_TOO_LARGE' });
    assert.equal(released, true);
    assert.equal((await blobs.receive(inChunks(bytes), { maxBytes: 3000 })).size, 3000);
  });

  contract('passes on what the sender throws and shows nothing', async (blobs) => {
    const broken = new Error('connection lost');
    const bytes = randomBytes(2000);
    async function* body() {
      yield bytes;
      throw broken;
    }
    await assert.rejects(blobs.receive(body(), NO_LIMIT), (error) => error === broken);
    assert.equal(await blobs.size(sha256Of(bytes)), undefined);
  });

  contract('shows nothing before the last byte is in', async (blobs) => {
    const bytes = randomBytes(2000);
    const seen: (number | undefined)[] = [];
    async function* body() {
      for await (const chunk of inChunks(bytes)) {
        yield chunk;
        seen.push(await blobs.size(sha256Of(bytes)));
      }
    }
    await blobs.receive(body(), NO_LIMIT);
    assert.deepEqual(seen, [undefined, undefined]);
  });

  contract('takes the same file from many senders at once', async (blobs) => {
    const bytes = randomBytes(20_000);
    const sha256 = sha256Of(bytes);
    const results = await Promise.all(Array.from({ length: 8 }, () => blobs.receive(inChunks(bytes, 777), NO_LIMIT)));
    assert.deepEqual(
      results,
      Array.from({ length: 8 }, () => ({ sha256, size: 20_000 })),
    );
    assert.deepEqual(await readAll(blobs, sha256), bytes);
  });

  contract('serves a reader while the same file comes in again', async (blobs) => {
    const bytes = randomBytes(600_000);
    const { sha256 } = await blobs.receive(inChunks(bytes), NO_LIMIT);
    const pieces: Buffer[] = [];
    await blobs.read(sha256, undefined, async (piece) => {
      if (pieces.push(Buffer.from(piece)) === 1) await blobs.receive(inChunks(bytes, 100_000), NO_LIMIT);
    });
    assert.deepEqual(Buffer.concat(pieces), bytes);
  });

  contract('goes on with a reader that has begun when the blob is removed', async (blobs) => {
    const bytes = randomBytes(600_000);
    const { sha256 } = await blobs.receive(inChunks(bytes), NO_LIMIT);
    const pieces: Buffer[] = [];
    await blobs.read(sha256, undefined, async (piece) => {
      if (pieces.push(Buffer.from(piece)) === 1) await blobs.remove(sha256);
    });
    assert.deepEqual(Buffer.concat(pieces), bytes);
  });

  contract('stops reading when the reader fails, and passes its error on', async (blobs) => {
    const { sha256 } = await blobs.receive(inChunks(randomBytes(600_000)), NO_LIMIT);
    let taken = 0;
    const failing = blobs.read(sha256, undefined, async () => {
      taken += 1;
      throw new Error('the client is gone');
    });
    await assert.rejects(failing, /the client is gone/);
    assert.equal(taken, 1);
  });

  contract('lends a local file with the bytes and takes it back', async (blobs) => {
    const bytes = randomBytes(4000);
    const { sha256 } = await blobs.receive(inChunks(bytes), NO_LIMIT);
    let lent = '';
    const read = await blobs.withLocalFile(sha256, async (path) => {
      lent = path;
      return readFile(path);
    });
    assert.deepEqual(read, bytes);
    await assert.rejects(access(lent), { code: 'ENOENT' });
    assert.equal(await blobs.size(sha256), 4000);
  });

  contract('takes a lent file back when its user throws, and passes the error on', async (blobs) => {
    const { sha256 } = await blobs.receive(inChunks(Buffer.from('abc')), NO_LIMIT);
    let lent = '';
    await assert.rejects(
      blobs.withLocalFile(sha256, async (path) => {
        lent = path;
        throw new Error('inspection failed');
      }),
      /inspection failed/,
    );
    await assert.rejects(access(lent), { code: 'ENOENT' });
  });

  contract('keeps a lent file while the blob is removed', async (blobs) => {
    const { sha256 } = await blobs.receive(inChunks(Buffer.from('abc')), NO_LIMIT);
    const text = await blobs.withLocalFile(sha256, async (path) => {
      await blobs.remove(sha256);
      assert.equal(await blobs.size(sha256), undefined);
      return readFile(path, 'utf8');
    });
    assert.equal(text, 'abc');
  });

  contract('removes a blob; it can come back', async (blobs) => {
    const { sha256 } = await blobs.receive(inChunks(Buffer.from('abc')), NO_LIMIT);
    await blobs.remove(sha256);
    assert.equal(await blobs.size(sha256), undefined);
    await assert.rejects(readAll(blobs, sha256), (error) => hasCode(error, 'NOT_FOUND'));
    await blobs.receive(inChunks(Buffer.from('abc')), NO_LIMIT);
    assert.equal(await blobs.size(sha256), 3);
  });
}
