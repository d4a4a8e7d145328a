import { BitReader } from './bit-reader.ts';
import { unreadable } from './unreadable.ts';

/** More input than one block can take: 900,000 symbols of 20 bits, the tables, the headers. */
const LOOK_AHEAD_BYTES = 4 << 20;
const OUTPUT_BYTES = 256 * 1024;
const MAX_CODE_BITS = 20;
const GROUP_SIZE = 50;

/**
 * Expands bzip2 piece by piece, in the memory of a few blocks. By hand, because the libraries expand everything at once and
 * do not say how much input they used.
 * @param streams `one` ends with the first stream; `many` goes on as Python's BZ2File: what follows and is no stream ends it
 * @param onEnd gets the number of input bytes that were used
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when the data are damaged or cut off, or in the form before bzip2 0.9.5
 */
export async function* bunzip2(
  packed: AsyncIterable<Uint8Array>,
  streams: 'one' | 'many',
  onEnd: (consumed: number) => void,
): AsyncGenerator<Uint8Array> {
  const input = new BitReader(packed);
  for (const piece of expandStreams(input, streams, onEnd)) {
    if (piece === 'fill') await input.fill(LOOK_AHEAD_BYTES);
    else yield piece;
  }
}

/**
 * Expands bzip2 data that lie in memory, all streams of them.
 * @returns undefined when the output would be longer than `maxBytes`
 * @throws {WheelgateError} ARCHIVE_UNREADABLE as `bunzip2`
 */
export function bunzip2Whole(packed: Uint8Array, maxBytes: number): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const piece of expandStreams(BitReader.over(packed), 'many', () => {})) {
    if (piece === 'fill') continue;
    length += piece.length;
    if (length > maxBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** `fill` asks the caller for more input: what follows reads without waiting. */
function* expandStreams(
  input: BitReader,
  streams: 'one' | 'many',
  onEnd: (consumed: number) => void,
): Generator<Uint8Array | 'fill'> {
  let used = 0;
  for (let first = true; first || streams === 'many'; first = false) {
    yield 'fill';
    if (input.isEmpty) break;
    const blockBytes = readStreamHeader(input);
    if (blockBytes === undefined) {
      if (first) throw damaged();
      break;
    }
    let streamCrc = 0;
    for (;;) {
      yield 'fill';
      const mark = input.read(24) * 2 ** 24 + input.read(24);
      const crc = readUint32(input);
      if (mark === 0x177245385090) {
        if (crc !== streamCrc) throw damaged();
        break;
      }
      if (mark !== 0x314159265359) throw damaged();
      streamCrc = (crc ^ ((streamCrc << 1) | (streamCrc >>> 31))) >>> 0;
      yield* expandBlock(readBlock(input, blockBytes), crc);
    }
    input.align();
    used = input.consumed;
  }
  onEnd(used);
}

/** `BZh1` to `BZh9`: the largest block in bytes; undefined for anything else. */
function readStreamHeader(input: BitReader): number | undefined {
  for (const byte of [0x42, 0x5a, 0x68]) if (input.read(8) !== byte) return undefined;
  const level = input.read(8) - 0x30;
  return level >= 1 && level <= 9 ? level * 100_000 : undefined;
}

/** The symbols of a block in the order of the Burrows-Wheeler transform, and where the text starts in them. */
type Block = {
  readonly symbols: Uint32Array;
  readonly length: number;
  readonly start: number;
  readonly counts: Uint32Array;
};

function readBlock(input: BitReader, blockBytes: number): Block {
  if (input.read(1) !== 0) throw unreadable('compressed data are in the form before bzip2 0.9.5');
  const start = input.read(24);
  const alphabet = readAlphabet(input);
  const groups = input.read(3);
  const selectorCount = input.read(15);
  if (groups < 2 || groups > 6 || selectorCount === 0 || alphabet.length === 0) throw damaged();
  const selectors = readSelectors(input, groups, selectorCount);
  const codes = Array.from({ length: groups }, () => readCode(input, alphabet.length + 2));
  const endOfBlock = alphabet.length + 1;
  const symbols = new Uint32Array(blockBytes);
  const counts = new Uint32Array(256);
  let length = 0;
  let run = 0;
  let runBit = 1;
  for (let index = 0; ; index++) {
    const code = codes[selectors[Math.floor(index / GROUP_SIZE)] ?? groups];
    if (code === undefined) throw damaged();
    const symbol = readSymbol(input, code);
    if (symbol < 2) {
      run += runBit << symbol;
      runBit *= 2;
      if (run > blockBytes) throw damaged();
      continue;
    }
    if (length + run > blockBytes) throw damaged();
    if (run > 0) {
      symbols.fill(alphabet[0]!, length, length + run);
      counts[alphabet[0]!]! += run;
      length += run;
      run = 0;
    }
    runBit = 1;
    if (symbol === endOfBlock) break;
    if (length === blockBytes) throw damaged();
    moveToFront(alphabet, symbol - 1);
    symbols[length++] = alphabet[0]!;
    counts[alphabet[0]!]!++;
  }
  if (start >= length) throw damaged();
  return { symbols, length, start, counts };
}

function readAlphabet(input: BitReader): number[] {
  const rows = input.read(16);
  const alphabet: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const used = input.read(16);
    for (let column = 0; column < 16; column++) if ((used & (0x8000 >> column)) !== 0) alphabet.push(row * 16 + column);
  }
  return alphabet;
}

function readSelectors(input: BitReader, groups: number, count: number): Uint8Array {
  const order = Array.from({ length: groups }, (_, group) => group);
  return Uint8Array.from({ length: count }, () => {
    let steps = 0;
    while (input.read(1) === 1) if (++steps >= groups) throw damaged();
    moveToFront(order, steps);
    return order[0]!;
  });
}

/** A canonical Huffman code: by length of code, the largest code of that length and what to subtract for its index. */
type Code = { readonly limits: Int32Array; readonly offsets: Int32Array; readonly sorted: Uint16Array };

function readCode(input: BitReader, symbolCount: number): Code {
  const lengths = new Uint8Array(symbolCount);
  let length = input.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw damaged();
      if (input.read(1) === 0) break;
      length += input.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  const sorted = Uint16Array.from(lengths.keys()).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const limits = new Int32Array(MAX_CODE_BITS + 1).fill(-1);
  const offsets = new Int32Array(MAX_CODE_BITS + 1);
  let code = 0;
  let index = 0;
  for (let bits = 1; bits <= MAX_CODE_BITS; bits++) {
    offsets[bits] = code - index;
    while (index < symbolCount && lengths[sorted[index]!] === bits) {
      index++;
      code++;
    }
    limits[bits] = code - 1;
    code <<= 1;
  }
  return { limits, offsets, sorted };
}

function readSymbol(input: BitReader, { limits, offsets, sorted }: Code): number {
  let code = 0;
  for (let bits = 1; bits <= MAX_CODE_BITS; bits++) {
    code = (code << 1) | input.read(1);
    if (code <= limits[bits]!) {
      const symbol = sorted[code - offsets[bits]!];
      if (symbol !== undefined) return symbol;
      break;
    }
  }
  throw damaged();
}

/** Undoes the transform and the run lengths in front of it: four equal bytes are followed by a count of further ones. */
function* expandBlock({ symbols, length, start, counts }: Block, expectedCrc: number): Generator<Uint8Array> {
  const next = new Uint32Array(256);
  for (let byte = 1; byte < 256; byte++) next[byte] = next[byte - 1]! + counts[byte - 1]!;
  for (let at = 0; at < length; at++) {
    const place = next[symbols[at]! & 0xff]!++;
    symbols[place]! |= at << 8;
  }
  let output = new Uint8Array(OUTPUT_BYTES);
  let filled = 0;
  let crc = 0xffffffff;
  let cursor = symbols[start]! >>> 8;
  let previous = -1;
  let equal = 0;
  for (let left = length; left > 0; left--) {
    const cell = symbols[cursor]!;
    const byte = cell & 0xff;
    cursor = cell >>> 8;
    const isCount = equal === 4;
    const value = isCount ? previous : byte;
    for (let repeat = isCount ? byte : 1; repeat > 0; repeat--) {
      output[filled++] = value;
      crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ value]!;
    }
    equal = isCount ? 0 : byte === previous ? equal + 1 : 1;
    previous = isCount ? -1 : byte;
    if (filled > OUTPUT_BYTES - 256) {
      yield output.subarray(0, filled);
      output = new Uint8Array(OUTPUT_BYTES);
      filled = 0;
    }
  }
  if (~crc >>> 0 !== expectedCrc) throw damaged();
  yield output.subarray(0, filled);
}

/** CRC-32 with the highest bit first: not the one of zlib. */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

function moveToFront(list: number[], index: number): void {
  const [item] = list.splice(index, 1);
  list.unshift(item!);
}

function readUint32(input: BitReader): number {
  return (input.read(16) * 0x10000 + input.read(16)) >>> 0;
}

function damaged() {
  return unreadable('compressed data are damaged');
}
