import { beyondLimit } from './unreadable.ts';

/** All of a member's bytes in one piece. @throws {WheelgateError} FILE_TOO_LARGE when `size` is above `maxBytes` */
export async function joinChunks(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  maxBytes: number,
): Promise<Uint8Array> {
  if (size > maxBytes) throw beyondLimit(`a member has ${size} bytes, more than may be read at once`);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}
