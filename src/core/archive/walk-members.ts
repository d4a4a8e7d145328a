import { createHash } from 'node:crypto';
import { hasCode } from '../errors.ts';
import { parseSha256, type Sha256 } from '../sha256.ts';
import type { Archive, Member, MemberKind } from './archive.ts';
import type { ArchiveLimits } from './limits.ts';
import { NATIVE_HEAD_BYTES, nativeFormat } from './native-code.ts';

/** What is known of a member once it was read. */
export type WalkedMember = {
  readonly path: string;
  readonly kind: MemberKind;
  readonly size: number;
  readonly mode: number;
  readonly linkTarget?: string;
  /** Of a file whose bytes could be read. */
  readonly sha256?: Sha256;
  readonly isNative: boolean;
};

/** A member and, for a file of at most `maxVisitBytes` that could be read, its bytes. */
export type Walked = { readonly member: WalkedMember; readonly bytes?: Uint8Array };

/**
 * Reads all members once, in the order of the archive, and hashes every file.
 * @throws {WheelgateError} ARCHIVE_UNREADABLE or FILE_TOO_LARGE where the archive cannot be read on
 */
export async function* walkMembers(archive: Archive, limits: ArchiveLimits): AsyncGenerator<Walked> {
  for await (const member of archive.members()) {
    const { path, kind, size, mode, linkTarget } = member;
    const facts = { path, kind, size, mode, isNative: false, ...(linkTarget === undefined ? {} : { linkTarget }) };
    const digested = kind === 'file' ? await digest(member, limits.maxVisitBytes) : undefined;
    if (digested === undefined) {
      yield { member: facts };
      continue;
    }
    const { sha256, head, bytes } = digested;
    const walked = { ...facts, sha256, isNative: nativeFormat(head) !== undefined };
    yield { member: walked, ...(bytes === undefined ? {} : { bytes }) };
  }
}

type Digested = { readonly sha256: Sha256; readonly head: Uint8Array; readonly bytes?: Uint8Array };

/** Undefined when the bytes cannot be had; the reader has reported why. */
async function digest(member: Member, maxVisitBytes: number): Promise<Digested | undefined> {
  const hash = createHash('sha256');
  const sha256 = () => parseSha256(hash.digest('hex'));
  try {
    if (member.size <= maxVisitBytes) {
      const bytes = await member.read();
      hash.update(bytes);
      return { sha256: sha256(), head: bytes.subarray(0, NATIVE_HEAD_BYTES), bytes };
    }
    let head: Uint8Array = new Uint8Array();
    for await (const chunk of member.stream()) {
      if (head.length < NATIVE_HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, NATIVE_HEAD_BYTES)]);
      hash.update(chunk);
    }
    return { sha256: sha256(), head };
  } catch (error) {
    if (hasCode(error, 'ARCHIVE_UNREADABLE')) return undefined;
    throw error;
  }
}
