import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WheelgateError } from '../../src/core/errors.ts';
import { parseSha256, type Sha256 } from '../../src/core/sha256.ts';
import type { BlobStore } from '../../src/gate/ports.ts';

/** A `BlobStore` in memory; passes the same contract as the one on disk. */
export function createMemoryBlobs(): BlobStore {
  const blobs = new Map<Sha256, Buffer>();

  function find(sha256: Sha256): Buffer {
    const bytes = blobs.get(sha256);
    if (!bytes) throw new WheelgateError('NOT_FOUND', `No blob has sha256 ${sha256}`, 'Ask for the file again.');
    return bytes;
  }

  return {
    async size(sha256) {
      return blobs.get(sha256)?.length;
    },

    async read(sha256, range, take) {
      if (range && range.start > range.end) throw new RangeError(`bytes ${range.start}-${range.end} are no range`);
      const bytes = find(sha256);
      const asked = range ? bytes.subarray(range.start, range.end + 1) : bytes;
      // Several pieces, and each in the same memory, so that whoever keeps one notices.
      const piece = Buffer.alloc(Math.ceil(asked.length / 2));
      for (let at = 0; at < asked.length; at += piece.length) {
        await take(piece.subarray(0, asked.copy(piece, 0, at, at + piece.length)));
      }
    },

    async receive(body, { expected, maxBytes }) {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of body) {
        size += chunk.length;
        if (size > maxBytes) throw new WheelgateError('FILE_TOO_LARGE', 'The file is too large', 'Raise the limit.');
        // A copy: the sender may use its buffer again.
        chunks.push(Uint8Array.from(chunk));
      }
      const bytes = Buffer.concat(chunks);
      const sha256 = parseSha256(createHash('sha256').update(bytes).digest('hex'));
      if (expected !== undefined && sha256 !== expected) {
        throw new WheelgateError('DIGEST_MISMATCH', `The bytes have sha256 ${sha256}, not ${expected}`, 'Try again.');
      }
      blobs.set(sha256, bytes);
      return { sha256, size };
    },

    async withLocalFile(sha256, use) {
      const bytes = find(sha256);
      const folder = await mkdtemp(join(tmpdir(), 'memory-blobs-'));
      try {
        const path = join(folder, 'blob');
        await writeFile(path, bytes);
        return await use(path);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },

    async remove(sha256) {
      blobs.delete(sha256);
    },
  };
}
