import { unescapeText } from './string-literal.ts';

/** Python's other names of the codecs that are told apart below (encodings.aliases), hyphens for underscores. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ...['u7', 'utf7', 'unicode-1-1-utf-7'].map((name) => [name, 'utf-7'] as const),
  ...['u8', 'utf', 'utf8', 'cp65001', 'utf8-ucs2', 'utf8-ucs4'].map((name) => [name, 'utf-8'] as const),
  ...['u16', 'utf16'].map((name) => [name, 'utf-16'] as const),
  ...['u32', 'utf32'].map((name) => [name, 'utf-32'] as const),
  ...['646', 'us', 'us-ascii', 'iso646-us', 'ansi-x3.4-1968'].map((name) => [name, 'ascii'] as const),
  ...['string-escape', 'unicodeescape'].map((name) => [name, 'unicode-escape'] as const),
  ['rawunicodeescape', 'raw-unicode-escape'],
  ...['', '-1', '-2', '-3', '-2004', '-ext'].map((kind) => [`iso2022-jp${kind}`, 'iso-2022-jp'] as const),
  ...['us', 'ca', 'nl', 'wt'].map((place) => [`ebcdic-cp-${place}`, 'cp037'] as const),
  ['ibm039', 'cp037'],
  ['ebcdic-cp-he', 'cp424'],
  ...['be', 'ch'].map((place) => [`ebcdic-cp-${place}`, 'cp500'] as const),
]);

/** Single-byte codecs whose first half is ASCII, which is all that code needs: the second half is read as Latin-1. */
const ASCII_BASED =
  /^(?:ascii|charmap|latin(?:-?\d{1,2})?|l\d{1,2}|8859|iso-?(?:8859|ir)-?\d{1,3}|iso-latin-1|(?:cp|ibm|windows-?)?(?:437|720|737|775|819|85[025678]|86[0-69]|874|1006|1125|125[0-8])|mac-?[a-z0-9]{1,12}|macintosh|hp-roman8|roman8|r8|koi8-[rtu]|kz-?1048|rk1048|strk1048-2002|palmos|ptcp154|pt154|cp154|cyrillic-asian|tis-?620)$/;

/**
 * The text of bytes in one of Python's text codecs, by any of its names. Undefined when it is none that we know or the
 * bytes do not fit.
 */
export function decodeText(input: Uint8Array, codec: string): string | undefined {
  const raw = codec.toLowerCase().replace(/[_ ]/g, '-');
  const label = ALIASES.get(raw) ?? raw;
  const ebcdic = EBCDIC.get(label.replace(/^(?:cp|ibm|csibm)?(?=\d)/, 'cp'));
  if (ebcdic !== undefined) return Array.from(input, (byte) => ebcdic[byte]).join('');
  if (label === 'unicode-escape') return unescapeText(latin1(input));
  if (label === 'raw-unicode-escape') return unescapeRaw(latin1(input));
  if (label === 'utf-7') return decodeUtf7(latin1(input));
  if (label === 'punycode') return decodePunycode(latin1(input));
  if (/^utf-?32/.test(label)) return utf32(label, input);
  if (/^utf-?16/.test(label)) return new TextDecoder(utf16(label, input)).decode(input);
  if (ASCII_BASED.test(label)) return latin1(input);
  try {
    return new TextDecoder(/^utf-?8/.test(label) ? 'utf-8' : label).decode(input);
  } catch {
    return undefined;
  }
}

/** RFC 2152: Python honours it as a source encoding, and samples use it to hide code from plain readers. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_all, coded: string) => {
    if (coded === '') return '+';
    const units = Buffer.from(coded, 'base64');
    return units
      .subarray(0, units.length & ~1)
      .swap16()
      .toString('utf16le');
  });
}

/** Only `\uXXXX` and `\UXXXXXXXX` are escapes, behind an odd number of backslashes. */
function unescapeRaw(text: string): string {
  return text.replace(/\\(?:\\|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (all, short?: string, long?: string) => {
    const digits = short ?? long;
    const point = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });
}

/** ROT13 of a text. */
export function rot13(input: string): string {
  return input.replace(/[a-zA-Z]/g, (char) => {
    const base = char <= 'Z' ? 65 : 97;
    return String.fromCharCode(((char.charCodeAt(0) - base + 13) % 26) + base);
  });
}

const MAX_PUNYCODE = 20_000;

/** RFC 3492, as Python's codec reads it: what stands before the last hyphen is plain. */
function decodePunycode(text: string): string | undefined {
  const cut = text.lastIndexOf('-');
  const points = Array.from(text.slice(0, Math.max(0, cut)), (char) => char.charCodeAt(0));
  const coded = text.slice(cut + 1).toLowerCase();
  // Every letter is put into the middle of the others.
  if (coded.length > MAX_PUNYCODE) return undefined;
  let point = 128;
  let place = 0;
  let bias = 72;
  for (let at = 0; at < coded.length; ) {
    const start = place;
    for (let weight = 1, step = 36; ; step += 36) {
      const digit = '0123456789abcdefghijklmnopqrstuvwxyz'.indexOf(coded[at++] ?? ' ');
      if (digit < 0) return undefined;
      const value = digit < 10 ? digit + 26 : digit - 10;
      place += value * weight;
      const least = Math.min(26, Math.max(1, step - bias));
      if (value < least) break;
      weight *= 36 - least;
    }
    const count = points.length + 1;
    bias = adapted(place - start, count, start === 0);
    point += Math.floor(place / count);
    place %= count;
    if (point > 0x10ffff) return undefined;
    points.splice(place++, 0, point);
  }
  return points.map((each) => String.fromCodePoint(each)).join('');
}

function adapted(delta: number, count: number, isFirst: boolean): number {
  let left = Math.floor(delta / (isFirst ? 700 : 2));
  left += Math.floor(left / count);
  let bias = 0;
  for (; left > 455; bias += 36) left = Math.floor(left / 35);
  return bias + Math.floor((36 * left) / (left + 38));
}

function utf32(label: string, input: Uint8Array): string | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const little = !label.endsWith('be') && !(input.length >= 4 && view.getUint32(0) === 0xfeff);
  let text = '';
  for (let at = 0; at + 4 <= input.length; at += 4) {
    const point = view.getUint32(at, little);
    if (point > 0x10ffff) return undefined;
    if (at > 0 || point !== 0xfeff) text += String.fromCodePoint(point);
  }
  return text;
}

function utf16(label: string, input: Uint8Array): string {
  if (label.endsWith('be') || (input[0] === 0xfe && input[1] === 0xff)) return 'utf-16be';
  return 'utf-16le';
}

/** The places of ASCII in code pages of mainframes: letters and digits are the same in all of them. */
const EBCDIC: ReadonlyMap<string, readonly string[]> = (() => {
  const shared: [number, string][] = [
    [0x81, 'abcdefghi'],
    [0x91, 'jklmnopqr'],
    [0xa2, 'stuvwxyz'],
    [0xc1, 'ABCDEFGHI'],
    [0xd1, 'JKLMNOPQR'],
    [0xe2, 'STUVWXYZ'],
    [0xf0, '0123456789'],
    [0x05, '\t'],
    [0x0d, '\r'],
    [0x25, '\n'],
    [0x40, ' '],
    [0x4b, '.<(+|&'],
    [0x5a, '!$*);'],
    [0x60, '-/'],
    [0x6b, ',%_>?'],
    [0x79, '`:#@\'="'],
    [0xa1, '~'],
    [0xb0, '^'],
    [0xba, '[]'],
    [0xc0, '{'],
    [0xd0, '}'],
    [0xe0, '\\'],
  ];
  const international: [number, string][] = [
    [0x4a, '['],
    [0x4f, '!'],
    [0x5a, ']'],
    [0x5f, '^'],
  ];
  const variants: readonly (readonly [string, readonly (readonly [number, string])[]])[] = [
    ['cp037', []],
    ['cp1140', []],
    ['cp424', []],
    ['cp500', [...international, [0xbb, '|']]],
    ['cp875', [...international, [0x6a, '|']]],
    [
      'cp273',
      [
        [0x43, '{'],
        [0x4f, '!'],
        [0x59, '~'],
        [0x5f, '^'],
        [0x63, '['],
        [0xb5, '@'],
        [0xbb, '|'],
        [0xdc, '}'],
        [0xec, '\\'],
        [0xfc, ']'],
      ],
    ],
    [
      'cp1026',
      [
        [0x48, '{'],
        [0x4f, '!'],
        [0x5f, '^'],
        [0x68, '['],
        [0x8c, '}'],
        [0x8d, '`'],
        [0xac, ']'],
        [0xad, '$'],
        [0xae, '@'],
        [0xbb, '|'],
        [0xcc, '~'],
        [0xdc, '\\'],
        [0xec, '#'],
        [0xfc, '"'],
      ],
    ],
  ];
  return new Map(
    variants.map(([name, own]) => {
      const table = Array.from({ length: 256 }, () => '\ufffd');
      for (const [start, chars] of [...shared, ...own])
        for (const [index, char] of Array.from(chars).entries()) table[start + index] = char;
      return [name, table];
    }),
  );
})();

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
