import type { FindingList } from './finding-list.ts';

export type MemberKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';

/** One member as pip would see it. Read it before you ask for the next one: a tar file only runs forward. */
export type Member = {
  /** As Python's zipfile or tarfile gives it: not normalised, and possibly hostile. */
  readonly path: string;
  readonly kind: MemberKind;
  /** Expanded bytes, as the archive says; the bytes never exceed it. */
  readonly size: number;
  /** Unix mode without the file type; 0 when the archive has none. */
  readonly mode: number;
  /** Of a link, as stored. */
  readonly linkTarget?: string;
  /**
   * All bytes. What is wrong with them (sum, size, compression) becomes a finding while they are read.
   * @throws {WheelgateError} ARCHIVE_UNREADABLE when they cannot be had at all, FILE_TOO_LARGE past `maxBytes` and our limits
   */
  read(maxBytes?: number): Promise<Uint8Array>;
  /** The same piece by piece, in bounded memory. @throws {WheelgateError} as `read` does */
  stream(): AsyncIterable<Uint8Array>;
};

export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** An archive that was opened. `findings` is complete once all members were read. */
export type Archive = {
  readonly format: 'zip' | 'tar';
  /** Of the whole file; a zip compresses each member by itself. */
  readonly compression: Compression;
  readonly findings: FindingList;
  /**
   * The members in the order of their bytes in the file, once.
   * @throws {WheelgateError} ARCHIVE_UNREADABLE or FILE_TOO_LARGE where it cannot be read on
   */
  members(): AsyncGenerator<Member>;
};
