import { LRUCache } from 'lru-cache';
import type { Sha256 } from '../../core/sha256.ts';
import type { BlobStore } from '../../gate/ports.ts';

export type HotBlobLimits = {
  /** For all kept blobs together. */
  readonly maxBytes: number;
  /** Larger blobs are always streamed, so that a hundred slow clients do not hold a hundred whole files. */
  readonly maxBlobBytes: number;
};

/** What a kept blob costs besides its bytes. */
const OVERHEAD_BYTES = 500;

/**
 * Keeps small blobs that were asked for last in memory: a team's CI asks for the same wheels over and over, and one write
 * from memory costs half of what reading and writing in pieces does (measured: bench/file.ts, a wheel of 1 MB).
 */
export function keepHotBlobs(blobs: BlobStore, { maxBytes, maxBlobBytes }: HotBlobLimits): BlobStore {
  const hot = new LRUCache<Sha256, Buffer>({
    maxSize: maxBytes,
    sizeCalculation: ({ length }) => length + OVERHEAD_BYTES,
    // Clients that ask at the same time share one read.
    fetchMethod: (sha256) => readWhole(blobs, sha256),
  });

  async function isSmall(sha256: Sha256): Promise<boolean> {
    const size = await blobs.size(sha256);
    return size !== undefined && size <= maxBlobBytes;
  }

  return {
    ...blobs,

    async size(sha256) {
      return hot.get(sha256)?.length ?? blobs.size(sha256);
    },

    async read(sha256, range, take) {
      const isKept = hot.has(sha256) || (await isSmall(sha256));
      const bytes = isKept ? await hot.fetch(sha256) : undefined;
      if (!bytes) return blobs.read(sha256, range, take);
      const { start, end } = range ?? { start: 0, end: bytes.length - 1 };
      if (range && start > end) throw new RangeError(`bytes ${start}-${end} are no range`);
      const piece = bytes.subarray(start, end + 1);
      if (piece.length > 0) await take(piece);
    },

    async remove(sha256) {
      hot.delete(sha256);
      await blobs.remove(sha256);
    },
  };
}

async function readWhole(blobs: BlobStore, sha256: Sha256): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await blobs.read(sha256, undefined, async (piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}
