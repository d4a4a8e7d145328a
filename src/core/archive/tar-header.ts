import { isUtf8 } from 'node:buffer';

/** The fields of a header block that matter to a reader (POSIX 1003.1 ustar, GNU tar). */
export type TarHeader = {
  /** With the prefix field in front, as Python does it. */
  readonly name: string;
  readonly mode: number;
  /** Bytes, as the field says. */
  readonly size: number;
  /** The type flag as a character; `'\0'` is a file of the time before POSIX. */
  readonly type: string;
  readonly linkName: string;
  /** The prefix field was used though the header is not a POSIX one. */
  readonly foreignPrefix: boolean;
  /** Only of type `S`: whether more blocks of a sparse map follow, and the expanded size. */
  readonly sparse?: { readonly more: boolean; readonly size: number };
};

export const BLOCK_BYTES = 512;
const GNU_TYPES = 'LKS';

/** Reads a header block as Python's tarfile does: undefined where it raises InvalidHeaderError. */
export function parseTarHeader(block: Uint8Array): TarHeader | undefined {
  const numbers = (
    [
      ['mode', 100, 8],
      ['uid', 108, 8],
      ['gid', 116, 8],
      ['size', 124, 12],
      ['mtime', 136, 12],
      ['sum', 148, 8],
      ['major', 329, 8],
      ['minor', 337, 8],
    ] as const
  ).map(([field, at, length]) => [field, parseNumber(block.subarray(at, at + length))] as const);
  const fields = Object.fromEntries(numbers) as Record<(typeof numbers)[number][0], number | undefined>;
  if (Object.values(fields).includes(undefined) || !isSum(block, fields.sum!) || fields.size! < 0) return undefined;
  const flag = String.fromCharCode(block[156]!);
  const name = text(block.subarray(0, 100));
  const prefix = GNU_TYPES.includes(flag) ? '' : text(block.subarray(345, 500));
  const type = flag === '\0' && name.endsWith('/') ? '5' : flag;
  const own = type === '5' ? stripSlashes(name) : name;
  const sparseSize = flag === 'S' ? parseNumber(block.subarray(483, 495)) : undefined;
  if (flag === 'S' && sparseSize === undefined) return undefined;
  return {
    name: prefix === '' ? own : `${prefix}/${own}`,
    mode: fields.mode!,
    size: fields.size!,
    type,
    linkName: text(block.subarray(157, 257)),
    foreignPrefix: prefix !== '' && Buffer.from(block.subarray(257, 263)).toString('latin1') !== 'ustar\0',
    ...(sparseSize === undefined ? {} : { sparse: { more: block[482] !== 0, size: sparseSize } }),
  };
}

export function stripSlashes(name: string): string {
  let end = name.length;
  while (end > 0 && name[end - 1] === '/') end--;
  return name.slice(0, end);
}

/**
 * Octal text, or base 256 behind a byte of 0x80; any negative number is -1. Undefined for anything else, also for the underscores and prefixes
 * that Python's `int` would take: no writer makes them and no other reader takes them.
 */
function parseNumber(field: Uint8Array): number | undefined {
  const first = field[0]!;
  if (first === 0xff) return -1; // Some negative number: a time before 1970, or an attack.
  if (first === 0x80) {
    const value = field.subarray(1).reduce((total, byte) => total * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const nul = field.indexOf(0);
  const digits = Buffer.from(nul < 0 ? field : field.subarray(0, nul)).toString('latin1');
  if (!/^[ \t]*[0-7]*[ \t]*$/.test(digits)) return undefined;
  return Number.parseInt(digits.trim() || '0', 8);
}

/** The sum over the block with its own field as spaces; some old writers took the bytes as signed. */
function isSum(block: Uint8Array, sum: number): boolean {
  let unsigned = 256;
  let signed = 256;
  for (let at = 0; at < BLOCK_BYTES; at++) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at]!;
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return sum === unsigned || sum === signed;
}

/** Up to the first NUL, as UTF-8. */
function text(field: Uint8Array): string {
  const nul = field.indexOf(0);
  return decodeUtf8(nul < 0 ? field : field.subarray(0, nul));
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 in which a byte that does not belong becomes the lone surrogate U+DC00 + byte (PEP 383, as pip opens tar files). */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return decodeWithSurrogates(bytes);
  }
}

function decodeWithSurrogates(bytes: Uint8Array): string {
  let decoded = '';
  for (let at = 0; at < bytes.length; ) {
    const valid = [1, 2, 3, 4].find((length) => at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)));
    if (valid === undefined) {
      decoded += String.fromCharCode(0xdc00 + bytes[at]!);
      at++;
    } else {
      decoded += strictUtf8.decode(bytes.subarray(at, at + valid));
      at += valid;
    }
  }
  return decoded;
}
