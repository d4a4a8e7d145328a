/** Byte order marks in the order of pip: the one of UTF-16 begins like the one of UTF-32. */
const MARKS: readonly (readonly [bytes: readonly number[], decode: (bytes: Uint8Array) => string])[] = [
  [[0xef, 0xbb, 0xbf], (bytes) => strict('utf-8', bytes)],
  [[0xff, 0xfe, 0, 0], (bytes) => utf32(bytes, true)],
  [[0, 0, 0xfe, 0xff], (bytes) => utf32(bytes, false)],
  [[0xff, 0xfe], (bytes) => strict('utf-16le', bytes)],
  [[0xfe, 0xff], (bytes) => strict('utf-16be', bytes)],
];

/** PEP 263, as pip looks for it: in a comment that is one of the first two lines. */
const DECLARED = /coding[:=]\s*([-\w.]+)/;

export type DecodedText = {
  readonly text: string;
  /** The bytes are not what the file or the default promises; they were read as Windows-1252. */
  readonly guessed?: true;
};

/**
 * Decodes a requirements file as pip does: byte order mark, `coding:` line, UTF-8. Where pip falls back on the locale of
 * the machine, which need not be that of whoever wrote the file, the western Windows encoding is taken and told.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const found = MARKS.find(([mark]) => mark.every((byte, at) => bytes[at] === byte));
  try {
    if (found !== undefined) return { text: found[1](bytes.subarray(found[0].length)) };
    return { text: strict(declaredEncoding(bytes) ?? 'utf-8', bytes) };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), guessed: true };
  }
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2_000)).toString('latin1');
  for (const line of start.split('\n').slice(0, 2)) {
    const name = line.startsWith('#') ? DECLARED.exec(line)?.[1] : undefined;
    // Python says utf_8 and utf8-sig where the web says utf-8.
    if (name !== undefined)
      return name
        .toLowerCase()
        .replaceAll('_', '-')
        .replace(/^utf-?8(?:-.*)?$/, 'utf-8');
  }
  return undefined;
}

/** @throws {TypeError} when the bytes are not in the encoding; {RangeError} when nobody knows the encoding */
function strict(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
}

function utf32(bytes: Uint8Array, littleEndian: boolean): string {
  if (bytes.length % 4 !== 0) throw new TypeError('UTF-32 has four bytes per character');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) parts.push(String.fromCodePoint(view.getUint32(at, littleEndian)));
  return parts.join('');
}
