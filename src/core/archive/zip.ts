import { crc32 } from 'node:zlib';
import { hasCode } from '../errors.ts';
import type { Archive, Member } from './archive.ts';
import { type ByteSource, readChunks, readExactly } from './byte-source.ts';
import { bunzip2 } from './bzip2.ts';
import type { FindingList } from './finding-list.ts';
import { inflate, inflateStream } from './inflate.ts';
import type { ArchiveLimits } from './limits.ts';
import { joinChunks } from './member-bytes.ts';
import { beyondLimit, unreadable } from './unreadable.ts';
import { readZipDirectory, type ZipDirectory, type ZipEntry } from './zip-directory.ts';
import { checkEnd, readLocalHeader } from './zip-local-header.ts';

/** Up to this size (packed and expanded) a member is expanded in one go: many times faster for small ones. */
const MAX_AT_ONCE = 16 * 2 ** 20;
const TYPE_MASK = 0o170000;
const TYPE_FILE = 0o100000;
const TYPE_FOLDER = 0o040000;
const TYPE_SYMLINK = 0o120000;

/**
 * Opens a zip archive by its directory, as Python's zipfile does.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE where Python raises, FILE_TOO_LARGE for a bomb and past our limits
 */
export async function openZip(source: ByteSource, limits: ArchiveLimits, findings: FindingList): Promise<Archive> {
  const directory = await readZipDirectory(source, limits, findings);
  const expanded = directory.entries.reduce((total, { size }) => total + size, 0);
  if (expanded > limits.bombFloorBytes && expanded > source.size * limits.maxRatio) {
    findings.add('bomb', undefined, `${source.size} bytes become ${expanded}`);
    throw beyondLimit('the archive is a decompression bomb');
  }
  if (expanded > limits.maxExpandedBytes) throw beyondLimit('the archive expands to more than our limit');
  return { format: 'zip', compression: 'none', findings, members: () => readMembers(source, directory, findings) };
}

async function* readMembers(
  source: ByteSource,
  directory: ZipDirectory,
  findings: FindingList,
): AsyncGenerator<Member> {
  const entries = [...directory.entries].sort((a, b) => a.at - b.at);
  await checkPrefix(source, entries[0]?.at ?? directory.at, findings);
  for (const [index, entry] of entries.entries()) {
    const header = await readLocalHeader(source, entry, findings);
    const nextAt = entries[index + 1]?.at ?? directory.at;
    // Data that overlap are not read: a thousand members over the same bytes would be read a thousand times.
    const isApart = header !== undefined && header.dataAt + entry.compressedSize <= nextAt;
    if (header !== undefined && !isApart) findings.add('overlap', entry.path);
    yield toMember(entry, () => expand(source, entry, isApart ? header.dataAt : undefined, findings), findings);
    if (isApart) await checkEnd(source, entry, header, nextAt, findings);
  }
}

async function checkPrefix(source: ByteSource, firstAt: number, findings: FindingList): Promise<void> {
  if (firstAt <= 0) return;
  for await (const chunk of readChunks(source, 0, firstAt)) {
    if (chunk.every((byte) => byte === 0)) continue;
    findings.add('prefix-bytes');
    return;
  }
  findings.add('zero-padding');
}

function toMember(entry: ZipEntry, chunks: () => AsyncGenerator<Uint8Array>, findings: FindingList): Member {
  const { path, size, mode } = entry;
  const isDirectory = path.endsWith('/');
  const type = mode & TYPE_MASK;
  if (type === TYPE_SYMLINK) findings.add('symlink-member', path);
  else if (type !== 0 && type !== TYPE_FILE && type !== TYPE_FOLDER) findings.add('special-member', path);
  if (isDirectory ? size > 0 : type === TYPE_FOLDER) findings.add('directory-with-data', path);
  return {
    path,
    kind: isDirectory ? 'directory' : 'file',
    size,
    mode: mode & 0o7777,
    read: (maxBytes = Number.POSITIVE_INFINITY) => joinChunks(chunks(), size, maxBytes),
    stream: chunks,
  };
}

/** The bytes as Python gives them: cut at the size that the directory says. Reports where they differ from what it says. */
async function* expand(
  source: ByteSource,
  entry: ZipEntry,
  dataAt: number | undefined,
  findings: FindingList,
): AsyncGenerator<Uint8Array> {
  const { path } = entry;
  if (dataAt === undefined) throw unreadable('a member of the zip archive has no data of its own');
  let left = entry.size;
  let crc = 0;
  let tooMuch = false;
  for await (const chunk of decompress(source, entry, dataAt, findings)) {
    const bytes = chunk.subarray(0, left);
    tooMuch = chunk.length > left;
    left -= bytes.length;
    crc = crc32(bytes, crc);
    if (bytes.length > 0) yield bytes;
    if (tooMuch) break;
  }
  if (tooMuch || left > 0) findings.add('size-mismatch', path);
  if (crc !== entry.crc) findings.add('crc-mismatch', path);
}

function decompress(
  source: ByteSource,
  entry: ZipEntry,
  dataAt: number,
  findings: FindingList,
): AsyncIterable<Uint8Array> {
  const { path, compressedSize, method } = entry;
  const checkUsed = (used: number) => {
    if (used === compressedSize) return;
    findings.add('trailing-data', path);
  };
  const packed = () => readChunks(source, dataAt, compressedSize);
  const damaged = (error: unknown) => {
    if (hasCode(error, 'ARCHIVE_UNREADABLE')) findings.add('damaged-data', path);
    throw error;
  };
  switch (method) {
    case 0:
      return packed();
    case 8:
      return rethrowing(inflateMember(source, entry, dataAt, packed, checkUsed), damaged);
    case 12:
      return rethrowing(bunzip2(packed(), 'one', checkUsed), damaged);
    default: {
      findings.add('unsupported-compression', path, `method ${method}`);
      throw unreadable('a member is compressed in a way that we cannot read');
    }
  }
}

async function* inflateMember(
  source: ByteSource,
  { size, compressedSize }: ZipEntry,
  dataAt: number,
  packed: () => AsyncIterable<Uint8Array>,
  checkUsed: (used: number) => void,
): AsyncGenerator<Uint8Array> {
  if (size <= MAX_AT_ONCE && compressedSize <= MAX_AT_ONCE) {
    const inflated = inflate(await readExactly(source, dataAt, compressedSize), size);
    if (inflated !== undefined) {
      checkUsed(inflated.consumed);
      yield inflated.bytes;
      return;
    }
  }
  yield* inflateStream(packed(), checkUsed);
}

async function* rethrowing(
  chunks: AsyncIterable<Uint8Array>,
  onError: (error: unknown) => never,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    onError(error);
  }
}
