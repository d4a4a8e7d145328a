import { type ByteSource, readChunks } from './byte-source.ts';
import type { FindingList } from './finding-list.ts';
import { FLAG_DESCRIPTOR, FLAG_UTF8, type ZipEntry } from './zip-directory.ts';
import { readLocalExtra } from './zip-extra.ts';

const HEADER_SIZE = 30;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const MAX_DESCRIPTOR = 24;
/** Time of day, compression level: bits that change nothing for a reader. */
const IGNORED_FLAGS = 0b110;

/** Where the data of a member are in the file. */
export type LocalHeader = { readonly dataAt: number; readonly flags: number };

/**
 * Reads the header in front of a member's data and compares it with the directory: readers that stream see only this one.
 * Undefined when there is none, which is a finding too.
 */
export async function readLocalHeader(
  source: ByteSource,
  entry: ZipEntry,
  findings: FindingList,
): Promise<LocalHeader | undefined> {
  const head = Buffer.from(entry.at < 0 ? new Uint8Array() : await source.read(entry.at, HEADER_SIZE));
  if (head.length < HEADER_SIZE || head.readUInt32LE(0) !== 0x04034b50) {
    findings.add('local-header-missing', entry.path);
    return undefined;
  }
  const nameLength = head.readUInt16LE(26);
  const extraLength = head.readUInt16LE(28);
  const rest = Buffer.from(await source.read(entry.at + HEADER_SIZE, nameLength + extraLength));
  const name = rest.subarray(0, nameLength);
  if (!name.equals(entry.rawName)) findings.add('local-name', entry.path, name.toString());
  const extra = readLocalExtra(rest.subarray(nameLength), {
    compressedSize: head.readUInt32LE(18),
    size: head.readUInt32LE(22),
  });
  if (extra.name !== undefined && extra.name !== entry.path) findings.add('unicode-path', entry.path, extra.name);
  const flags = head.readUInt16LE(6);
  const local = { method: head.readUInt16LE(8), crc: head.readUInt32LE(14), ...extra };
  const differing = differences(entry, flags, local);
  if (differing.length > 0) findings.add('local-header-differs', entry.path, differing.join(', '));
  return { dataAt: entry.at + HEADER_SIZE + nameLength + extraLength, flags };
}

type Sums = Pick<ZipEntry, 'crc' | 'compressedSize' | 'size'>;

function differences(entry: ZipEntry, flags: number, local: Sums & { method: number }): string[] {
  const ascii = entry.rawName.every((byte) => byte < 0x80);
  const ignored = IGNORED_FLAGS | (ascii ? FLAG_UTF8 : 0);
  const found = [];
  if ((flags & ~ignored) !== (entry.flags & ~ignored)) found.push('flags');
  if (local.method !== entry.method) found.push('method');
  for (const field of ['crc', 'compressedSize', 'size'] as const) {
    // With a descriptor the header may leave a field at zero, or saturated when zip64 is announced.
    const leftOpen = (flags & FLAG_DESCRIPTOR) !== 0 && (local[field] === 0 || local[field] === 0xffffffff);
    if (local[field] !== entry[field] && !leftOpen) found.push(field);
  }
  return found;
}

/**
 * Looks at what is between the data of a member and the next one (or the directory): a data descriptor and nothing else.
 * @param nextAt where the next member or the directory begins, not in front of the end of the data
 */
export async function checkEnd(
  source: ByteSource,
  entry: ZipEntry,
  { dataAt, flags }: LocalHeader,
  nextAt: number,
  findings: FindingList,
): Promise<void> {
  const dataEnd = dataAt + entry.compressedSize;
  let end = dataEnd;
  if ((flags & FLAG_DESCRIPTOR) !== 0) {
    const length = descriptorLength(
      Buffer.from(await source.read(dataEnd, Math.min(MAX_DESCRIPTOR, nextAt - dataEnd))),
      entry,
    );
    if (length === undefined) findings.add('descriptor-missing', entry.path);
    end += length ?? 0;
  }
  await checkGap(source, end, nextAt, findings, entry.path);
}

/** With or without signature, with 32-bit or 64-bit sizes: APPNOTE 4.3.9 leaves all four to the writer. */
function descriptorLength(bytes: Buffer, { crc, compressedSize, size }: Sums): number | undefined {
  for (const start of [4, 0]) {
    if (start === 4 && (bytes.length < 4 || bytes.readUInt32LE(0) !== DESCRIPTOR_SIGNATURE)) continue;
    const fits = (end: number) => bytes.length >= end && bytes.readUInt32LE(start) === crc;
    const wide = start + 20;
    if (
      fits(wide) &&
      Number(bytes.readBigUInt64LE(start + 4)) === compressedSize &&
      Number(bytes.readBigUInt64LE(start + 12)) === size
    ) {
      return wide;
    }
    const narrow = start + 12;
    if (fits(narrow) && bytes.readUInt32LE(start + 4) === compressedSize && bytes.readUInt32LE(start + 8) === size) {
      return narrow;
    }
  }
  return undefined;
}

/** Reports bytes that belong to no member. A reader that walks from the front meets them. */
async function checkGap(
  source: ByteSource,
  from: number,
  to: number,
  findings: FindingList,
  file: string,
): Promise<void> {
  if (to <= from) return;
  let empty = true;
  let carried: Uint8Array = new Uint8Array();
  for await (const chunk of readChunks(source, from, to - from)) {
    empty &&= chunk.every((byte) => byte === 0);
    if (hasRecord(Buffer.concat([carried, chunk]))) {
      findings.add('hidden-records', file);
      return;
    }
    carried = chunk.slice(-3);
  }
  findings.add(empty ? 'zero-padding' : 'stray-bytes', file);
}

/** Local header, directory entry, end record: what would let another reader find members here. */
function hasRecord(bytes: Buffer): boolean {
  return ['PK\x03\x04', 'PK\x01\x02', 'PK\x05\x06'].some((signature) => bytes.includes(signature, 0, 'latin1'));
}
