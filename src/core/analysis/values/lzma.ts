/*
 * LZMA, LZMA2 and xz for constants in code (7-zip's lzma-specification.txt, xz-file-format.txt). By hand: the library for
 * archives works on streams and cannot be waited for in the middle of an expression, and knows xz only. The checks are not
 * computed: we only want to read what would run.
 */

/** Data that do not follow the format, or a part of it that we cannot read. */
class Damaged extends Error {}
class TooLong extends Error {}

/** What `lzma.decompress(data)` gives: xz or lzma-alone by their heads, anything else as raw LZMA2. */
export function expandLzma(input: Uint8Array, maxBytes: number): Uint8Array | 'limit' | undefined {
  try {
    const output = new Output(maxBytes);
    if (input[0] === 0xfd && input[1] === 0x37 && input[5] === 0) expandXz(input, output);
    else if (isAlone(input)) expandAlone(input, output);
    else expandLzma2(input, 0, output);
    return output.taken();
  } catch (error) {
    if (error instanceof TooLong) return 'limit';
    if (error instanceof Damaged) return undefined;
    throw error;
  }
}

/** A properties byte that exists, and a dictionary size as encoders write it. */
function isAlone(input: Uint8Array): boolean {
  return input.length > 13 && input[0]! < 225 && input[0] === 0x5d;
}

function expandAlone(input: Uint8Array, output: Output): void {
  const size = new DataView(input.buffer, input.byteOffset).getBigUint64(5, true);
  const decoder = new Decoder(output);
  decoder.setProperties(input[0]!);
  const known = size === 0xffffffffffffffffn ? undefined : Number(size);
  decoder.run(new RangeReader(input, 13), known);
}

function expandXz(input: Uint8Array, output: Output): void {
  // Stream header: magic, flags, CRC. A block header starts with its size; a zero starts the index.
  const checkBytes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64][input[7]! & 15]!;
  let at = 12;
  while (at < input.length && input[at] !== 0) {
    const header = input.subarray(at, at + (input[at]! + 1) * 4);
    // One filter only, LZMA2: the others are for machine code.
    if ((header[1]! & 3) !== 0) throw new Damaged();
    let field = 2;
    for (const flag of [0x40, 0x80]) if ((header[1]! & flag) !== 0) while (header[field++]! >= 0x80);
    if (header[field] !== 0x21) throw new Damaged();
    at = expandLzma2(input, at + header.length, output);
    while (at % 4 !== 0) at++;
    at += checkBytes;
  }
}

/** Chunks until the end mark; gives the offset behind it. */
function expandLzma2(input: Uint8Array, start: number, output: Output): number {
  const decoder = new Decoder(output);
  let at = start;
  for (;;) {
    const control = input[at++];
    if (control === undefined) throw new Damaged();
    if (control === 0) return at;
    if (control < 0x80) {
      if (control > 2) throw new Damaged();
      const size = ((input[at]! << 8) | input[at + 1]!) + 1;
      output.put(input.subarray(at + 2, at + 2 + size));
      at += 2 + size;
      continue;
    }
    const unpacked = (((control & 0x1f) << 16) | (input[at]! << 8) | input[at + 1]!) + 1;
    const packed = ((input[at + 2]! << 8) | input[at + 3]!) + 1;
    at += 4;
    if (control >= 0xc0) decoder.setProperties(input[at++]!);
    else if (control >= 0xa0) decoder.reset();
    decoder.run(new RangeReader(input.subarray(0, at + packed), at), unpacked);
    at += packed;
  }
}

/** The output, which is also the dictionary. */
class Output {
  readonly #maxBytes: number;
  #bytes = new Uint8Array(4096);
  length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(byte: number): void {
    if (this.length >= this.#maxBytes) throw new TooLong();
    if (this.length === this.#bytes.length) this.#grow(this.length + 1);
    this.#bytes[this.length++] = byte;
  }

  put(bytes: Uint8Array): void {
    this.#grow(this.length + bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** The byte `distance` before the end; zero before the first. */
  back(distance: number): number {
    return distance > this.length ? 0 : this.#bytes[this.length - distance]!;
  }

  taken(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  #grow(wanted: number): void {
    if (wanted > this.#maxBytes) throw new TooLong();
    if (wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
  }
}

const HALF = 1024;

/** The range coder: bits by adaptive probabilities. */
class RangeReader {
  readonly #input: Uint8Array;
  #at: number;
  #range = 0xffffffff;
  #code = 0;

  constructor(input: Uint8Array, at: number) {
    this.#input = input;
    // The first byte is always zero.
    this.#at = at + 1;
    for (let count = 0; count < 4; count++) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  #next(): number {
    const byte = this.#input[this.#at++];
    if (byte === undefined) throw new Damaged();
    return byte;
  }

  #normalise(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  bit(odds: Uint16Array, index: number): number {
    this.#normalise();
    const odd = odds[index]!;
    const bound = (this.#range >>> 11) * odd;
    if (this.#code < bound) {
      this.#range = bound;
      odds[index] = odd + ((2048 - odd) >>> 5);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    odds[index] = odd - (odd >>> 5);
    return 1;
  }

  direct(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) {
      this.#normalise();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  tree(odds: Uint16Array, from: number, bits: number): number {
    let node = 1;
    for (let left = bits; left > 0; left--) node = (node << 1) | this.bit(odds, from + node);
    return node - (1 << bits);
  }

  reverseTree(odds: Uint16Array, from: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let place = 0; place < bits; place++) {
      const bit = this.bit(odds, from + node);
      node = (node << 1) | bit;
      value |= bit << place;
    }
    return value;
  }
}

const odds = (count: number) => new Uint16Array(count).fill(HALF);
const lengthOdds = () => ({ choice: odds(2), low: odds(16 << 3), mid: odds(16 << 3), high: odds(256) });

/** Everything that adapts while decoding. */
function freshModel(literalBits: number) {
  return {
    literal: odds(0x300 << literalBits),
    isMatch: odds(12 << 4),
    isRep: odds(12),
    isRep0: odds(12),
    isRep1: odds(12),
    isRep2: odds(12),
    isRep0Long: odds(12 << 4),
    slot: odds(4 << 6),
    special: odds(128),
    align: odds(16),
    length: lengthOdds(),
    repLength: lengthOdds(),
  };
}

class Decoder {
  readonly #output: Output;
  #lc = 3;
  #lp = 0;
  #pb = 2;
  #model = freshModel(3);
  #state = 0;
  #reps = [0, 0, 0, 0];

  constructor(output: Output) {
    this.#output = output;
  }

  setProperties(byte: number): void {
    this.#lc = byte % 9;
    this.#lp = Math.floor(byte / 9) % 5;
    this.#pb = Math.floor(byte / 45);
    if (this.#pb > 4) throw new Damaged();
    this.reset();
  }

  reset(): void {
    this.#model = freshModel(this.#lc + this.#lp);
    this.#state = 0;
    this.#reps = [0, 0, 0, 0];
  }

  /** Decodes `size` bytes, or to the end mark when the size is not known. */
  run(input: RangeReader, size: number | undefined): void {
    const end = size === undefined ? Number.POSITIVE_INFINITY : this.#output.length + size;
    while (this.#output.length < end) {
      const position = this.#output.length & ((1 << this.#pb) - 1);
      if (input.bit(this.#model.isMatch, (this.#state << 4) + position) === 0) this.#literal(input);
      else {
        const length = this.#match(input, position);
        if (length === undefined) return;
        const distance = this.#reps[0]! + 1;
        if (distance > this.#output.length) throw new Damaged();
        for (let left = Math.min(length, end - this.#output.length); left > 0; left--)
          this.#output.push(this.#output.back(distance));
      }
    }
  }

  #literal(input: RangeReader): void {
    const { literal } = this.#model;
    const low = (this.#output.length & ((1 << this.#lp) - 1)) << this.#lc;
    const from = 0x300 * (low + (this.#output.back(1) >>> (8 - this.#lc)));
    let symbol = 1;
    if (this.#state >= 7) {
      let match = this.#output.back(this.#reps[0]! + 1);
      while (symbol < 0x100) {
        const expected = (match >>> 7) & 1;
        match <<= 1;
        const bit = input.bit(literal, from + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | input.bit(literal, from + symbol);
    this.#output.push(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** The length of a match, whose distance is then the first of the last four; undefined at the end mark. */
  #match(input: RangeReader, position: number): number | undefined {
    const model = this.#model;
    const state = this.#state;
    const long = state < 7;
    if (input.bit(model.isRep, state) === 0) {
      const length = this.#length(input, model.length, position);
      this.#state = long ? 7 : 10;
      const distance = this.#distance(input, length);
      this.#reps = [distance, this.#reps[0]!, this.#reps[1]!, this.#reps[2]!];
      return distance === 0xffffffff ? undefined : length;
    }
    if (input.bit(model.isRep0, state) === 0) {
      if (input.bit(model.isRep0Long, (state << 4) + position) === 0) {
        this.#state = long ? 9 : 11;
        return 1;
      }
    } else {
      const which = input.bit(model.isRep1, state) === 0 ? 1 : input.bit(model.isRep2, state) === 0 ? 2 : 3;
      const [distance] = this.#reps.splice(which, 1);
      this.#reps.unshift(distance!);
    }
    this.#state = long ? 8 : 11;
    return this.#length(input, model.repLength, position);
  }

  #length(input: RangeReader, model: ReturnType<typeof lengthOdds>, position: number): number {
    if (input.bit(model.choice, 0) === 0) return 2 + input.tree(model.low, position << 3, 3);
    if (input.bit(model.choice, 1) === 0) return 10 + input.tree(model.mid, position << 3, 3);
    return 18 + input.tree(model.high, 0, 8);
  }

  #distance(input: RangeReader, length: number): number {
    const slot = input.tree(this.#model.slot, Math.min(length - 2, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >>> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return base + input.reverseTree(this.#model.special, base - slot, bits);
    return base + input.direct(bits - 4) * 16 + input.reverseTree(this.#model.align, 0, 4);
  }
}
