import { unreadable } from './unreadable.ts';

const EMPTY = new Uint8Array();
const NOTHING: AsyncIterator<Uint8Array> = { next: async () => ({ done: true, value: undefined }) };

/** Reads a stream of bytes bit by bit, highest bit first. */
export class BitReader {
  readonly #input: AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = EMPTY;
  #at = 0;
  /** The lowest `#held` bits of `#bits` were taken from `#bytes` and not yet read. */
  #bits = 0;
  #held = 0;
  #taken = 0;

  constructor(input: AsyncIterable<Uint8Array>) {
    this.#input = input[Symbol.asyncIterator]();
  }

  /** Reads bytes that are all there. */
  static over(bytes: Uint8Array): BitReader {
    const reader = new BitReader({ [Symbol.asyncIterator]: () => NOTHING });
    reader.#bytes = bytes;
    return reader;
  }

  /** True when every byte that `fill` got was taken. */
  get isEmpty(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Makes sure that `count` bytes can be read without waiting, or all that are left; false when none are. */
  async fill(count: number): Promise<boolean> {
    const parts = [this.#bytes.subarray(this.#at)];
    let have = parts[0]!.length;
    if (have < count) {
      while (have < count) {
        const next = await this.#input.next();
        if (next.done === true) break;
        parts.push(next.value);
        have += next.value.length;
      }
      if (parts.length > 1) {
        this.#bytes = Buffer.concat(parts);
        this.#taken += this.#at;
        this.#at = 0;
      }
    }
    return have > 0;
  }

  /** Bytes that were read from the input, a begun one counted. */
  get consumed(): number {
    return this.#taken + this.#at;
  }

  /** The next `count` bits, at most 24. @throws {WheelgateError} ARCHIVE_UNREADABLE at the end of what `fill` got */
  read(count: number): number {
    while (this.#held < count) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw unreadable('compressed data are cut off');
      this.#bits = ((this.#bits & 0xffffff) << 8) | byte;
      this.#held += 8;
    }
    this.#held -= count;
    return (this.#bits >>> this.#held) & ((1 << count) - 1);
  }

  /** Drops what is left of a begun byte. */
  align(): void {
    this.#held = 0;
  }
}
