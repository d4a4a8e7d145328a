import { type CoreMetadata, readMetadata } from '../python/metadata.ts';
import { isAnalysed } from './analyse.ts';
import { isScript } from './other-files/script-lines.ts';
import type { PackageFile } from './package-file.ts';

/** Members kept for the analysis: what its memory is bounded by. The largest honest wheels hold 40 MB of Python. */
const MAX_KEPT_BYTES = 128 * 2 ** 20;
const MAX_KEPT_FILES = 20_000;

const MAX_SCRIPT_BYTES = 512 * 2 ** 10;
const MAX_SCRIPTS = 200;

/** Data files that code of the package may read and run. What is left out is no limit: its content is then not known. */
const MAX_DATA_BYTES = 256 * 2 ** 10;
const MAX_DATA_FILES = 1000;
const MAX_ALL_DATA = 16 * 2 ** 20;

/** METADATA of a wheel, PKG-INFO of an sdist: at the top or one folder below. */
const METADATA = /^(?:[^/]+\/)?(?:METADATA|PKG-INFO)$/;

/** What the analysis is given of a distribution. */
export type CollectedMembers = {
  readonly files: readonly PackageFile[];
  readonly metadata?: CoreMetadata;
  /** What had to be left out; not empty: the analysis is not complete. */
  readonly limits: readonly string[];
};

export type MemberCollector = {
  /** Whether a member of this size would be kept: others need not be read. */
  wants(path: string, size: number): boolean;
  /** @param bytes undefined when the member is too large or cannot be read */
  add(path: string, bytes: Uint8Array | undefined): void;
  collected(): CollectedMembers;
};

/** Keeps the members that the analysis reads, within bounds, while an archive runs by. */
export function createMemberCollector(): MemberCollector {
  const files: PackageFile[] = [];
  const limits = new Set<string>();
  let metadata: CoreMetadata | undefined;
  let keptBytes = 0;
  let scripts = 0;
  let dataFiles = 0;
  let dataBytes = 0;
  const hasRoomFor = (size: number) =>
    size <= MAX_DATA_BYTES && dataFiles < MAX_DATA_FILES && dataBytes + size <= MAX_ALL_DATA;
  return {
    wants: (path, size) => METADATA.test(path) || isAnalysed(path) || hasRoomFor(size),
    add(path, bytes) {
      if (METADATA.test(path)) {
        if (bytes !== undefined) metadata ??= readMetadata(bytes).fields;
        return;
      }
      if (!isAnalysed(path)) {
        if (bytes === undefined || !hasRoomFor(bytes.length)) return;
        dataFiles++;
        dataBytes += bytes.length;
        files.push({ path, bytes });
        return;
      }
      if (isScript(path)) {
        // Bundles of JavaScript are large and honest; what starts them and what they hold is told without all of them.
        if (bytes === undefined || bytes.length > MAX_SCRIPT_BYTES || scripts >= MAX_SCRIPTS) return;
        scripts++;
      }
      if (bytes === undefined) limits.add('file size');
      else if (files.length - dataFiles >= MAX_KEPT_FILES) limits.add('number of files');
      else if (keptBytes + bytes.length > MAX_KEPT_BYTES) limits.add('total size');
      else {
        files.push({ path, bytes });
        keptBytes += bytes.length;
      }
    },
    collected: () => ({ files, limits: [...limits], ...(metadata !== undefined && { metadata }) }),
  };
}
