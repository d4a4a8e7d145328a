import { unreadable } from './unreadable.ts';

/** A file that can be read at any place: on disk, in memory. */
export type ByteSource = {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `offset`; fewer than `length` only where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
};

/** A file that is in memory. What it hands out is a view, not a copy. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Reads `windowBytes` at a time, so that many small reads in file order become few large ones. */
export function readAhead(source: ByteSource, windowBytes = 1 << 20): ByteSource {
  let at = 0;
  let window: Uint8Array = new Uint8Array();
  return {
    size: source.size,
    async read(offset, length) {
      if (length >= windowBytes) return source.read(offset, length);
      const wanted = Math.min(length, Math.max(source.size - offset, 0));
      if (offset < at || offset + wanted > at + window.length) {
        window = await source.read(offset, windowBytes);
        at = offset;
      }
      return window.subarray(offset - at, offset - at + wanted);
    },
  };
}

/** @throws {WheelgateError} ARCHIVE_UNREADABLE when the file ends before */
export async function readExactly(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length < length) throw unreadable('the file ends inside a structure of the archive');
  return bytes;
}

/** The bytes of a part of the file, piece by piece. @throws {WheelgateError} ARCHIVE_UNREADABLE when the file ends before */
export async function* readChunks(source: ByteSource, offset: number, length: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; ) {
    const chunk = await readExactly(source, offset + done, Math.min(length - done, 1 << 20));
    done += chunk.length;
    yield chunk;
  }
}
