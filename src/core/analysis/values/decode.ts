import { inflateRawSync, unzipSync } from 'node:zlib';
import { bunzip2Whole } from '../../archive/bzip2.ts';
import { expandLzma } from './lzma.ts';

const MAX_OUTPUT = 4_000_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE32_HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
const BASE85 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';

/** Decodes constants: `limit` when the output would be too long for us, undefined where Python would raise. */
export type Decoder = (input: Uint8Array) => Uint8Array | 'limit' | undefined;

function latin1(input: Uint8Array): string {
  return Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
}

function base64(input: Uint8Array): Uint8Array | undefined {
  const digits = latin1(input).replace(/[^A-Za-z0-9+/_=-]/g, '');
  return digits.length === 0 ? undefined : Buffer.from(digits, 'base64');
}

function base16(input: Uint8Array): Uint8Array | undefined {
  const digits = latin1(input).replace(/\s/g, '');
  return digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

const base32 =
  (alphabet: string) =>
  (input: Uint8Array): Uint8Array | undefined => {
    const out: number[] = [];
    let bits = 0;
    let held = 0;
    for (const char of latin1(input).toUpperCase()) {
      if (char === '=' || char <= ' ') continue;
      const digit = alphabet.indexOf(char);
      if (digit < 0) return undefined;
      held = (held << 5) | digit;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        out.push((held >> bits) & 0xff);
      }
      held &= (1 << bits) - 1;
    }
    return Uint8Array.from(out);
  };

/** Groups of five digits make four bytes; a short last group is padded with the highest digit. */
function base85(alphabet: (char: string) => number, zeroes: string): Decoder {
  return (input) => {
    const out: number[] = [];
    let group: number[] = [];
    const flush = (count: number) => {
      let word = 0;
      for (const digit of group) word = word * 85 + digit;
      for (let shift = 0; shift < count; shift++) out.push(Math.floor(word / 256 ** (3 - shift)) & 0xff);
      group = [];
    };
    for (const char of latin1(input).replace(/^<~|~>$/g, '')) {
      if (char <= ' ') continue;
      if (char === zeroes && group.length === 0) {
        out.push(0, 0, 0, 0);
        continue;
      }
      const digit = alphabet(char);
      if (digit < 0 || digit > 84) return undefined;
      if (group.push(digit) === 5) flush(4);
    }
    if (group.length > 0) {
      const count = group.length - 1;
      while (group.length < 5) group.push(84);
      flush(count);
    }
    return Uint8Array.from(out);
  };
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** One long number: its conversion takes time by the square of its length. */
const MAX_BASE58 = 20_000;

function base58(input: Uint8Array): Uint8Array | 'limit' | undefined {
  const digits = latin1(input).trim();
  if (digits.length > MAX_BASE58) return 'limit';
  let whole = 0n;
  for (const char of digits) {
    const digit = BASE58.indexOf(char);
    if (digit < 0) return undefined;
    whole = whole * 58n + BigInt(digit);
  }
  const zeroes = /^1*/.exec(digits)![0].length;
  const hex = whole === 0n ? '' : whole.toString(16);
  return Buffer.concat([Buffer.alloc(zeroes), Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')]);
}

function guarded(decode: (input: Uint8Array) => Uint8Array | 'limit'): Decoder {
  return (input) => {
    try {
      return decode(input);
    } catch (error) {
      return (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'limit' : undefined;
    }
  };
}

/** RFC 2045: `=41` is a character, `=` at the end of a line joins it with the next. */
function quotedPrintable(input: Uint8Array): Uint8Array {
  const text = latin1(input)
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(text, 'latin1');
}

const limit = { maxOutputLength: MAX_OUTPUT };

function uu(input: Uint8Array): Uint8Array | undefined {
  const out: number[] = [];
  for (const line of latin1(input).split('\n')) {
    if (/^(begin |end)/.test(line) || line === '') continue;
    const length = (line.charCodeAt(0) - 32) & 63;
    const row: number[] = [];
    for (let at = 1; at < line.length; at += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((step) => ((line.charCodeAt(at + step) || 32) - 32) & 63);
      row.push((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d);
    }
    out.push(...row.slice(0, length));
  }
  return Uint8Array.from(out);
}

/** Data of zlib or gzip, by their head: Python's `wbits` allows one or both. */
const unzip = guarded((input) => unzipSync(input, limit));

/** By the name under which Python's libraries know them. */
export const DECODERS = {
  base64,
  base32: base32(BASE32),
  base32hex: base32(BASE32_HEX),
  base16,
  base58,
  ascii85: base85((char) => char.charCodeAt(0) - 33, 'z'),
  base85: base85((char) => BASE85.indexOf(char), ''),
  zlib: unzip,
  gzip: unzip,
  deflate: guarded((input) => inflateRawSync(input, limit)),
  bz2: guarded((input) => bunzip2Whole(input, MAX_OUTPUT) ?? 'limit'),
  lzma: (input) => expandLzma(input, MAX_OUTPUT),
  uu,
  quopri: quotedPrintable,
} as const satisfies Record<string, Decoder>;

export type DecoderName = keyof typeof DECODERS;

/** The decoder behind one of Python's codecs from bytes to bytes: `bytes.decode('hex')` of Python 2, `codecs.decode`. */
export function binaryCodec(codec: string): DecoderName | undefined {
  const label = codec.toLowerCase();
  if (label.includes('base64')) return 'base64';
  if (label.includes('hex')) return 'base16';
  if (/bz2|bzip/.test(label)) return 'bz2';
  if (/zip|zlib/.test(label)) return 'zlib';
  if (label.startsWith('quo')) return 'quopri';
  return label.startsWith('uu') ? 'uu' : undefined;
}

/** True when bytes look like text that a person or an interpreter would read. */
export function looksLikeText(input: Uint8Array): boolean {
  if (input.length === 0) return false;
  const sample = input.subarray(0, 2000);
  let odd = 0;
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32) || byte === 127) odd++;
  return odd * 20 <= sample.length && !isMedia(input);
}

const MEDIA = [
  '\x89PNG',
  'GIF8',
  '\xff\xd8\xff',
  'RIFF',
  'wOFF',
  'wOF2',
  '\0\x01\0\0',
  'OTTO',
  '%PDF',
  'BM',
  '<svg',
  '<?xml',
  '\0\0\x01\0',
  'ID3',
  'OggS',
  'fLaC',
  '-----BEGIN',
];

/** Images, fonts, sound, keys: what honest packages embed as base64. */
export function isMedia(input: Uint8Array): boolean {
  const head = latin1(input.subarray(0, 16));
  return MEDIA.some((magic) => head.startsWith(magic));
}

/** Executable images by their magic. */
export function isProgram(input: Uint8Array): boolean {
  const head = latin1(input.subarray(0, 4));
  return head.startsWith('MZ') || head === '\x7fELF' || head === '\xcf\xfa\xed\xfe' || head === '\xca\xfe\xba\xbe';
}
