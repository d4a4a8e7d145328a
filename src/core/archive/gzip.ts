import { crc32 } from 'node:zlib';
import { type ByteSource, readChunks, readExactly } from './byte-source.ts';
import type { FindingList } from './finding-list.ts';
import { inflateStream } from './inflate.ts';
import { beyondLimit, unreadable } from './unreadable.ts';

const FLAG_HEADER_CRC = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;
/** More than one is a finding already. */
const MAX_MEMBERS = 100;
const MAX_HEADER_BYTES = 1 << 16;

/**
 * Expands gzip (RFC 1952) as Python's GzipFile does: members one after the other, zeroes behind the last one. Reports
 * what other readers leave out: further members, bytes behind the last one, a wrong sum.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when the data are damaged or cut off
 */
export async function* gunzip(source: ByteSource, findings: FindingList): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let member = 0; at < source.size; member++) {
    if (member === MAX_MEMBERS) throw beyondLimit('the file is more gzip files in a row than our limit');
    if (member > 0) {
      at = await skipZeroes(source, at);
      if (at === source.size) return;
      const magic = await source.read(at, 2);
      if (magic[0] !== 0x1f || magic[1] !== 0x8b) {
        findings.add('trailing-bytes');
        return;
      }
      findings.add('gzip-members');
    }
    const dataAt = at + headerLength(await source.read(at, MAX_HEADER_BYTES));
    let consumed = 0;
    let crc = 0;
    let size = 0;
    const packed = readChunks(source, dataAt, source.size - dataAt);
    for await (const chunk of inflateStream(packed, (count) => (consumed = count))) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      yield chunk;
    }
    const trailer = Buffer.from(await readExactly(source, dataAt + consumed, 8));
    if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== size % 2 ** 32) findings.add('crc-mismatch');
    at = dataAt + consumed + 8;
  }
}

function headerLength(bytes: Uint8Array): number {
  const flags = bytes[3];
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || flags === undefined) throw damaged();
  let at = 10;
  if (flags & FLAG_EXTRA) at += 2 + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
  for (const flag of [FLAG_NAME, FLAG_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const nul = bytes.indexOf(0, at);
    if (nul < 0) throw damaged();
    at = nul + 1;
  }
  if (flags & FLAG_HEADER_CRC) at += 2;
  if (at > bytes.length) throw damaged();
  return at;
}

async function skipZeroes(source: ByteSource, from: number): Promise<number> {
  let at = from;
  for await (const chunk of readChunks(source, from, source.size - from)) {
    const other = chunk.findIndex((byte) => byte !== 0);
    if (other >= 0) return at + other;
    at += chunk.length;
  }
  return at;
}

function damaged() {
  return unreadable('the gzip header is damaged');
}
