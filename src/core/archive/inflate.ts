import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { unreadable } from './unreadable.ts';

const CHUNK_BYTES = 256 * 1024;

/** What came out of a deflate stream (RFC 1951) and how many input bytes it took. */
export type Inflated = { readonly bytes: Uint8Array; readonly consumed: number };

/**
 * Inflates in one go what is expected to give `size` bytes. Undefined when it gives more: then `inflateStream` can tell
 * the first of them.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when the data are damaged or cut off
 */
export function inflate(packed: Uint8Array, size: number): Inflated | undefined {
  try {
    // One output chunk that just fits: zlib then neither copies nor grows.
    const options = { info: true, maxOutputLength: size + 1, chunkSize: Math.max(size + 1, 64) } as const;
    // The types do not know that `info` changes what is returned.
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { bytes: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw unreadable('compressed data are damaged', error);
  }
}

/**
 * Inflates piece by piece. Ends where the deflate stream ends and then tells how much input it took.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when the data are damaged or cut off
 */
export async function* inflateStream(
  packed: AsyncIterable<Uint8Array>,
  onEnd: (consumed: number) => void,
): AsyncGenerator<Uint8Array> {
  const engine = createInflateRaw({ chunkSize: CHUNK_BYTES });
  let finished = false;
  let proceed = () => {};
  engine.on('drain', () => proceed());
  const feed = async () => {
    for await (const chunk of packed) {
      if (finished) return;
      // An engine that met the end of its stream never drains: `proceed` is then called below.
      if (!engine.write(chunk)) await new Promise<void>((resolve) => (proceed = resolve));
    }
    if (!finished) engine.end();
  };
  const feeding = feed().catch((error: Error) => engine.destroy(error));
  try {
    for await (const chunk of engine) yield chunk;
    onEnd(engine.bytesWritten);
  } catch (error) {
    throw isZlibError(error) ? unreadable('compressed data are damaged', error) : error;
  } finally {
    finished = true;
    engine.destroy();
    proceed();
    await feeding;
  }
}

/** Told apart from what reading the input throws. */
function isZlibError(error: unknown): boolean {
  return /^Z_/.test((error as NodeJS.ErrnoException).code ?? '');
}
