import xz from 'xz-decompress';
import { unreadable } from './unreadable.ts';

/**
 * Expands the first xz stream piece by piece. Dictionaries above 64 MiB, the filters for machine code and SHA-256 as
 * check are not supported by the library.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when the data are damaged, cut off or not supported
 */
export async function* unxz(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = packed[Symbol.asyncIterator]();
  const compressed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await input.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await input.return?.()),
  });
  const reader = new xz.XzReadableStream(compressed).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } catch (error) {
    throw unreadable('compressed data are damaged or use a feature of xz that we cannot read', error);
  } finally {
    // The library lets only one stream work at a time: one that is dropped half-way must say so.
    await reader.cancel().catch(() => {});
  }
}
