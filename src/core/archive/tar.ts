import type { Member, MemberKind } from './archive.ts';
import type { FindingList } from './finding-list.ts';
import type { ArchiveLimits } from './limits.ts';
import { joinChunks } from './member-bytes.ts';
import { type Described, describe, type TarExtension } from './tar-extensions.ts';
import { BLOCK_BYTES, decodeUtf8, parseTarHeader, type TarHeader } from './tar-header.ts';
import { TarInput } from './tar-input.ts';
import { type PaxRecords, parsePax } from './tar-pax.ts';
import { beyondLimit, unreadable } from './unreadable.ts';

/** More headers in front of one member than any writer makes. */
const MAX_EXTENSIONS = 8;
const MAX_EXTENSION_BYTES = 1 << 20;
const REST_BYTES = 128 * BLOCK_BYTES;
/** `7` is a contiguous file, `S` a sparse one, NUL a file of the time before POSIX. */
const KINDS: ReadonlyMap<string, MemberKind> = new Map([
  ['0', 'file'],
  ['\0', 'file'],
  ['7', 'file'],
  ['S', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['5', 'directory'],
]);

/**
 * The members of an expanded tar archive as Python's tarfile gives them, in order. Reads to the very end, so that what stands
 * behind the archive is seen too.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE when this is no tar archive and where Python raises, FILE_TOO_LARGE past limits
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
  findings: FindingList,
): AsyncGenerator<Member> {
  const input = new TarInput(chunks, findings);
  try {
    let global: PaxRecords = new Map();
    for (let count = 0; ; count++) {
      const found = await readHeaders(input, global, findings);
      if (found === undefined) break;
      if (count === limits.maxMembers) throw beyondLimit('the tar archive has more members than our limit');
      global = found.global;
      const described = describe(found.header, global, found.extensions, findings);
      const end = input.position + described.dataSize + padding(described.dataSize);
      yield toMember(input, found.header, described, findings);
      await input.skip(end - input.position);
    }
    await checkRest(input, findings);
  } finally {
    await input.close();
  }
}

type Headers = { readonly header: TarHeader; readonly extensions: TarExtension[]; readonly global: PaxRecords };

/** The headers of the next member; undefined where Python sees the end of the archive. */
async function readHeaders(
  input: TarInput,
  globalSoFar: PaxRecords,
  findings: FindingList,
): Promise<Headers | undefined> {
  let global = globalSoFar;
  const extensions: TarExtension[] = [];
  for (let count = 0; count <= MAX_EXTENSIONS; count++) {
    const isFirst = input.position === 0;
    const block = await input.take(BLOCK_BYTES);
    if (block.length < BLOCK_BYTES || block.every((byte) => byte === 0)) {
      const isClean = count === 0 && (block.length === 0 || block.length === BLOCK_BYTES);
      if (!isClean) findings.add('cut-off');
      if (count > 0) throw unreadable('the tar archive ends inside the headers of a member');
      return undefined;
    }
    const header = parseTarHeader(block);
    if (header === undefined && isFirst) throw unreadable('the file is not a tar archive');
    if (header === undefined) return damaged(findings);
    if (!'LKxXg'.includes(header.type)) {
      if (header.sparse?.more === true) await skipSparseMap(input);
      return { header, extensions, global };
    }
    if (header.size > MAX_EXTENSION_BYTES) throw beyondLimit('a header of the tar archive is beyond our limit');
    const body = await input.take(header.size + padding(header.size));
    if (header.type === 'L' || header.type === 'K') {
      const nul = body.indexOf(0);
      const value = decodeUtf8(nul < 0 ? body : body.subarray(0, nul));
      extensions.push({ kind: header.type === 'L' ? 'name' : 'link', value });
      continue;
    }
    const pax = parsePax(body);
    if (pax === undefined) return damaged(findings);
    const merged = new Map([...global, ...pax.records]);
    if (pax.repeated) findings.add('two-names', pax.records.get('path'));
    if (header.type === 'g') {
      if (pax.records.size > 0) findings.add('global-override');
      if (pax.records.has('size')) throw unreadable('a header of the tar archive gives all members one size');
      global = merged;
    } else {
      extensions.push({ kind: 'pax', own: pax.records, withGlobal: merged });
    }
  }
  throw beyondLimit('a member of the tar archive has more headers than our limit');
}

function damaged(findings: FindingList): undefined {
  findings.add('bad-header');
  return undefined;
}

async function skipSparseMap(input: TarInput): Promise<void> {
  for (let more = true; more; ) {
    const block = await input.take(BLOCK_BYTES);
    more = (block[504] ?? 0) !== 0;
  }
}

function toMember(input: TarInput, header: TarHeader, described: Described, findings: FindingList): Member {
  const { name, linkName, size, isSparse } = described;
  const kind = KINDS.get(header.type) ?? 'other';
  if (kind === 'other') findings.add('special-member', name, `type ${JSON.stringify(header.type)}`);
  const dataAt = input.position;
  async function* stream() {
    if (isSparse) throw unreadable('a sparse member of the tar archive is not expanded');
    if (input.position !== dataAt) throw unreadable('the members of a tar archive can only be read in order');
    if (kind === 'file') yield* input.pass(size);
  }
  return {
    path: name,
    kind,
    size: kind === 'file' ? size : 0,
    mode: header.mode & 0o7777,
    ...(kind === 'symlink' || kind === 'hardlink' ? { linkTarget: linkName } : {}),
    read: (maxBytes = Number.POSITIVE_INFINITY) => joinChunks(stream(), size, maxBytes),
    stream,
  };
}

/** Behind the end there must be nothing but zeroes: readers that go on would find more members. */
async function checkRest(input: TarInput, findings: FindingList): Promise<void> {
  let found: 'data-after-end' | 'hidden-members' | undefined;
  for (let bytes = await input.take(REST_BYTES); bytes.length > 0; bytes = await input.take(REST_BYTES)) {
    for (let at = 0; at < bytes.length && found !== 'hidden-members'; at += BLOCK_BYTES) {
      const block = bytes.subarray(at, at + BLOCK_BYTES);
      if (block.every((byte) => byte === 0)) continue;
      const isHeader = block.length === BLOCK_BYTES && parseTarHeader(block) !== undefined;
      found = isHeader ? 'hidden-members' : 'data-after-end';
    }
  }
  if (found !== undefined) findings.add(found);
}

function padding(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}
