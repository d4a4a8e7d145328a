import { crc32 } from 'node:zlib';
import { type ByteSource, readExactly } from './byte-source.ts';
import type { FindingList } from './finding-list.ts';
import type { ArchiveLimits } from './limits.ts';
import { beyondLimit, unreadable } from './unreadable.ts';
import { END_BYTES, readZipEnd } from './zip-end-record.ts';
import { readZipExtra } from './zip-extra.ts';
import { decodeZipName } from './zip-name.ts';

/** A member as the central directory describes it (APPNOTE 4.3.12), after Python's reading of the extra fields. */
export type ZipEntry = {
  readonly path: string;
  /** The name as stored, for the comparison with the local header. */
  readonly rawName: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of the local header, in the file. */
  readonly at: number;
  /** Unix mode with the file type; 0 when the archive was made elsewhere. */
  readonly mode: number;
};

export type ZipDirectory = {
  /** In the order of the directory. */
  readonly entries: readonly ZipEntry[];
  /** Offset of the directory: no member reaches behind it. */
  readonly at: number;
};

const FLAG_ENCRYPTED = 1;
export const FLAG_DESCRIPTOR = 8;
export const FLAG_UTF8 = 0x800;
const FLAG_PATCH = 0x20;
const FLAG_STRONG_ENCRYPTION = 0x40;
const FLAG_MASKED_HEADERS = 0x2000;

const HEADER_SIZE = 46;
/** Python refuses archives that ask for more than version 6.3. */
const MAX_VERSION = 63;

/**
 * Reads the table of contents as Python's zipfile does and reports where it is ambiguous.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE where Python raises, FILE_TOO_LARGE past our limits
 */
export async function readZipDirectory(
  source: ByteSource,
  limits: ArchiveLimits,
  findings: FindingList,
): Promise<ZipDirectory> {
  const end = await readZipEnd(source, findings);
  if (end.directorySize > limits.maxHeaderBytes)
    throw beyondLimit('the directory of the zip archive is beyond our limit');
  const bytes = Buffer.from(await readExactly(source, end.directoryAt, end.directorySize));
  const entries: ZipEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (entries.length === limits.maxMembers) throw beyondLimit('the zip archive has more members than our limit');
    const { entry, next } = readEntry(bytes, at, end.shift, findings);
    entries.push(entry);
    at = next;
  }
  if (entries.length !== end.count) findings.add('count-mismatch');
  if (bytes.includes(END_BYTES)) findings.add('second-end-record');
  return { entries, at: end.directoryAt };
}

function readEntry(bytes: Buffer, at: number, shift: number, findings: FindingList): { entry: ZipEntry; next: number } {
  if (at + HEADER_SIZE > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) {
    throw unreadable('the directory of the zip archive is damaged');
  }
  const nameAt = at + HEADER_SIZE;
  const extraAt = nameAt + bytes.readUInt16LE(at + 28);
  const commentAt = extraAt + bytes.readUInt16LE(at + 30);
  const next = commentAt + bytes.readUInt16LE(at + 32);
  if (next > bytes.length) throw unreadable('the directory of the zip archive is cut off');
  if (bytes.readUInt16LE(at + 6) > MAX_VERSION)
    throw unreadable('the zip archive needs a reader newer than Python has');
  const flags = bytes.readUInt16LE(at + 8);
  const rawName = bytes.subarray(nameAt, extraAt);
  const name = decodeZipName(rawName, (flags & FLAG_UTF8) !== 0);
  const narrow = {
    compressedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
  };
  const { unicodePath, ...wide } = readZipExtra(bytes.subarray(extraAt, commentAt), narrow, crc32(rawName));
  const path = cutAtNul(unicodePath ?? name);
  if (unicodePath !== undefined && unicodePath !== name) findings.add('unicode-path', path, name);
  if (name.includes('\0')) findings.add('nul-in-name', path);
  if ((flags & FLAG_UTF8) === 0 && rawName.some((byte) => byte >= 0x80)) findings.add('name-encoding', path);
  if ((flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION | FLAG_MASKED_HEADERS)) !== 0) findings.add('encrypted', path);
  if ((flags & FLAG_PATCH) !== 0) findings.add('patch-data', path);
  if (bytes.readUInt16LE(at + 34) !== 0) findings.add('multi-disk', path);
  const entry = {
    path,
    rawName,
    flags,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    compressedSize: wide.compressedSize,
    size: wide.size,
    at: wide.offset + shift,
    mode: bytes.readUInt16LE(at + 40),
  };
  return { entry, next };
}

function cutAtNul(name: string): string {
  const nul = name.indexOf('\0');
  return nul < 0 ? name : name.slice(0, nul);
}
