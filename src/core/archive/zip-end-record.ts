import { type ByteSource, readExactly } from './byte-source.ts';
import type { FindingList } from './finding-list.ts';
import { unreadable } from './unreadable.ts';

/** Where the central directory is, as Python's zipfile finds it (PKWARE APPNOTE 4.3.14-4.3.16). */
export type ZipEnd = {
  readonly directoryAt: number;
  readonly directorySize: number;
  /** How many members the end record counts; Python does not ask it. */
  readonly count: number;
  /** Added to every offset in the archive: Python takes what is in front of the archive for a foreign prefix. */
  readonly shift: number;
};

const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const END64_SIZE = 56;
const MAX_COMMENT = 0x10000;
const END_SIGNATURE = 0x06054b50;
/** `PK\5\6`. */
export const END_BYTES = Buffer.of(0x50, 0x4b, 5, 6);

/**
 * Finds the end record in the way of Python and reports where another reader would find another one.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when Python finds none
 */
export async function readZipEnd(source: ByteSource, findings: FindingList): Promise<ZipEnd> {
  const tailAt = Math.max(source.size - MAX_COMMENT - END_SIZE, 0);
  const tail = Buffer.from(await readExactly(source, tailAt, source.size - tailAt));
  const inTail = findEnd(tail);
  if (inTail === undefined) throw unreadable('the file is not a zip archive');
  const at = tailAt + inTail;
  const end = tail.subarray(inTail, inTail + END_SIZE);
  const says = {
    count: end.readUInt16LE(10),
    directorySize: end.readUInt32LE(12),
    directoryOffset: end.readUInt32LE(16),
  };
  if (end.readUInt16LE(4) !== 0 || end.readUInt16LE(6) !== 0 || end.readUInt16LE(8) !== says.count) {
    findings.add('multi-disk');
  }
  if (at + END_SIZE + end.readUInt16LE(20) !== source.size) findings.add('trailing-bytes');
  const end64 = await readEnd64(source, at, says, findings);
  const { count, directorySize, directoryOffset } = end64 ?? says;
  const directoryAt = at - directorySize - (end64 === undefined ? 0 : LOCATOR_SIZE + END64_SIZE);
  if (directoryAt < 0) throw unreadable('the directory of the zip archive lies outside the file');
  const shift = directoryAt - directoryOffset;
  if (shift < 0) findings.add('directory-offset');
  if (end64 !== undefined && end64.recordAt + shift !== at - LOCATOR_SIZE - END64_SIZE) findings.add('zip64-disagrees');
  return { directoryAt, directorySize, count, shift };
}

/** Python: an end record without comment as the very last bytes, else the last signature in the last 64 KiB. */
function findEnd(tail: Buffer): number | undefined {
  const last = tail.length - END_SIZE;
  if (last < 0) return undefined;
  if (tail.readUInt32LE(last) === END_SIGNATURE && tail.readUInt16LE(last + 20) === 0) return last;
  const found = tail.lastIndexOf(END_BYTES);
  return found < 0 || found > last ? undefined : found;
}

type Says = { count: number; directorySize: number; directoryOffset: number };

/** Python takes a zip64 record that stands right in front of its locator, whatever the 32-bit fields say. */
async function readEnd64(
  source: ByteSource,
  endAt: number,
  says: Says,
  findings: FindingList,
): Promise<(Says & { recordAt: number }) | undefined> {
  const saturated = says.count === 0xffff || says.directorySize === 0xffffffff || says.directoryOffset === 0xffffffff;
  const missing = () => {
    if (saturated) findings.add('zip64-disagrees');
    return undefined;
  };
  const at = endAt - LOCATOR_SIZE - END64_SIZE;
  if (endAt < LOCATOR_SIZE) return missing();
  const locator = Buffer.from(await readExactly(source, endAt - LOCATOR_SIZE, LOCATOR_SIZE));
  if (locator.readUInt32LE(0) !== 0x07064b50) return missing();
  if (locator.readUInt32LE(4) !== 0 || locator.readUInt32LE(16) > 1)
    throw unreadable('the zip archive spans several disks');
  const record = at < 0 ? undefined : Buffer.from(await readExactly(source, at, END64_SIZE));
  if (record?.readUInt32LE(0) !== 0x06064b50) {
    findings.add('zip64-disagrees');
    return undefined;
  }
  const says64 = {
    count: wide(record, 32),
    directorySize: wide(record, 40),
    directoryOffset: wide(record, 48),
    recordAt: wide(locator, 8),
  };
  const agrees = (narrow: number, full: number, max: number) => narrow === max || narrow === full;
  if (
    wide(record, 4) !== END64_SIZE - 12 ||
    wide(record, 24) !== says64.count ||
    record.readUInt32LE(16) !== 0 ||
    record.readUInt32LE(20) !== 0 ||
    !agrees(says.count, says64.count, 0xffff) ||
    !agrees(says.directorySize, says64.directorySize, 0xffffffff) ||
    !agrees(says.directoryOffset, says64.directoryOffset, 0xffffffff)
  ) {
    findings.add('zip64-disagrees');
  }
  return says64;
}

function wide(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
