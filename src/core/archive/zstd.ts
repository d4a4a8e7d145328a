import { Decompress } from 'fzstd';
import { unreadable } from './unreadable.ts';

const INPUT_BYTES = 64 * 1024;

/**
 * Expands zstandard piece by piece. The library does not verify the content checksum.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when the data are damaged or cut off
 */
export async function* unzstd(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const engine = new Decompress((chunk) => void ready.push(chunk));
  const push = (chunk: Uint8Array, last: boolean) => {
    ready = [];
    try {
      engine.push(chunk, last);
    } catch (error) {
      throw unreadable('compressed data are damaged', error);
    }
    return ready;
  };
  for await (const chunk of packed) {
    for (let at = 0; at < chunk.length; at += INPUT_BYTES) yield* push(chunk.slice(at, at + INPUT_BYTES), false);
  }
  yield* push(new Uint8Array(), true);
}
