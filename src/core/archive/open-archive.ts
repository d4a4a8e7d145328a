import { hasCode } from '../errors.ts';
import type { Archive, Compression } from './archive.ts';
import { type ByteSource, readAhead, readChunks, readExactly } from './byte-source.ts';
import { bunzip2 } from './bzip2.ts';
import { FindingList } from './finding-list.ts';
import { gunzip } from './gzip.ts';
import type { ArchiveLimits } from './limits.ts';
import { checkPath } from './member-path.ts';
import { readTar } from './tar.ts';
import { parseTarHeader } from './tar-header.ts';
import { beyondLimit, unreadable } from './unreadable.ts';
import { unxz } from './xz.ts';
import { openZip } from './zip.ts';
import { readZipEnd } from './zip-end-record.ts';
import { unzstd } from './zstd.ts';

type Format = Compression | 'lzma' | 'compress';

const MAGIC: readonly (readonly [Format, Uint8Array])[] = [
  ['gzip', Uint8Array.of(0x1f, 0x8b)],
  ['bzip2', Uint8Array.of(0x42, 0x5a, 0x68)],
  ['xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)],
  ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)],
  ['lzma', Uint8Array.of(0x5d, 0, 0)],
  ['compress', Uint8Array.of(0x1f, 0x9d)],
];

/**
 * Opens a zip or tar archive by what its bytes say, never by its name, to read it as pip does.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when it is neither and where Python raises, FILE_TOO_LARGE past our limits
 */
export async function openArchive(source: ByteSource, limits: ArchiveLimits, findings: FindingList): Promise<Archive> {
  const buffered = readAhead(source);
  const compression = detectTar(await buffered.read(0, 512));
  if (compression === undefined) return checkingPaths(await openZip(buffered, limits, findings));
  if (compression === 'lzma' || compression === 'compress') {
    findings.add('unsupported-compression', undefined, compression);
    throw unreadable('the file is compressed in a way that we cannot read');
  }
  if (await isZip(source)) findings.add('polyglot');
  const expanded = bounded(expand(buffered, compression, findings), source.size, limits, findings);
  return checkingPaths({ format: 'tar', compression, findings, members: () => readTar(expanded, limits, findings) });
}

function detectTar(head: Uint8Array): Format | undefined {
  const known = MAGIC.find(([, magic]) => magic.every((byte, at) => head[at] === byte));
  if (known !== undefined) return known[0];
  return head.length === 512 && parseTarHeader(head) !== undefined ? 'none' : undefined;
}

/** True when Python would open the file as a zip archive too. A signature alone also stands in compressed data by chance. */
async function isZip(source: ByteSource): Promise<boolean> {
  try {
    const { directoryAt, directorySize } = await readZipEnd(source, new FindingList());
    const start = Buffer.from(await readExactly(source, directoryAt, 4));
    return directorySize === 0 || start.readUInt32LE(0) === 0x02014b50;
  } catch (error) {
    if (hasCode(error, 'ARCHIVE_UNREADABLE')) return false;
    throw error;
  }
}

function checkingPaths(archive: Archive): Archive {
  return {
    ...archive,
    async *members() {
      for await (const member of archive.members()) {
        checkPath(member.path, archive.findings);
        yield member;
      }
    },
  };
}

async function* expand(
  source: ByteSource,
  compression: Compression,
  findings: FindingList,
): AsyncGenerator<Uint8Array> {
  const packed = readChunks(source, 0, source.size);
  const noteTrailing = (used: number) => {
    if (used < source.size) findings.add('trailing-bytes');
  };
  try {
    switch (compression) {
      case 'none':
        yield* packed;
        return;
      case 'gzip':
        yield* gunzip(source, findings);
        return;
      case 'bzip2':
        yield* bunzip2(packed, 'many', noteTrailing);
        return;
      case 'xz':
        await checkXzEnd(source, findings);
        yield* unxz(packed);
        return;
      case 'zstd':
        yield* unzstd(packed);
        return;
    }
  } catch (error) {
    // The xz library also fails on features that Python has: then nothing is wrong with the data.
    if (hasCode(error, 'ARCHIVE_UNREADABLE')) {
      findings.add(compression === 'xz' ? 'unsupported-compression' : 'damaged-data');
    }
    throw error;
  }
}

/** An xz file ends with the footer of its last stream; the library stops after the first one and does not say where. */
async function checkXzEnd(source: ByteSource, findings: FindingList): Promise<void> {
  const footer = await source.read(Math.max(source.size - 2, 0), 2);
  if (Buffer.from(footer).toString('latin1') !== 'YZ') findings.add('trailing-bytes');
}

async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  packedSize: number,
  limits: ArchiveLimits,
  findings: FindingList,
): AsyncGenerator<Uint8Array> {
  let expanded = 0;
  for await (const chunk of chunks) {
    expanded += chunk.length;
    if (expanded > limits.bombFloorBytes && expanded > packedSize * limits.maxRatio) {
      findings.add('bomb', undefined, `${packedSize} bytes become more than ${expanded}`);
      throw beyondLimit('the archive is a decompression bomb');
    }
    if (expanded > limits.maxExpandedBytes) throw beyondLimit('the archive expands to more than our limit');
    yield chunk;
  }
}
