import type { FindingList } from './finding-list.ts';
import { unreadable } from './unreadable.ts';

/** Reads a stream of bytes forward: a little to keep, or much to pass by. */
export class TarInput {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #findings: FindingList;
  #rest: Uint8Array = new Uint8Array();
  #position = 0;
  /** What the bytes ended with: a stream that failed would otherwise only seem to end. */
  #failure: unknown;

  constructor(chunks: AsyncIterable<Uint8Array>, findings: FindingList) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#findings = findings;
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#position;
  }

  /** The next `length` bytes; fewer only at the end. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      const part = await this.#some(missing);
      if (part === undefined) break;
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** The next `length` bytes, piece by piece. @throws {WheelgateError} ARCHIVE_UNREADABLE when there are fewer */
  async *pass(length: number): AsyncGenerator<Uint8Array> {
    for (let missing = length; missing > 0; ) {
      const part = await this.#some(missing);
      if (part === undefined) {
        this.#findings.add('cut-off');
        throw unreadable('the tar archive ends inside a member');
      }
      missing -= part.length;
      yield part;
    }
  }

  /** @throws {WheelgateError} ARCHIVE_UNREADABLE when fewer than `length` bytes are left */
  async skip(length: number): Promise<void> {
    for await (const part of this.pass(length)) void part;
  }

  /** Lets go of whatever the bytes come from. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #some(atMost: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      const next = await this.#chunks.next().catch((error: unknown) => {
        this.#failure = error;
        throw error;
      });
      if (next.done === true) return undefined;
      this.#rest = next.value;
    }
    const part = this.#rest.subarray(0, atMost);
    this.#rest = this.#rest.subarray(part.length);
    this.#position += part.length;
    return part;
  }
}
