import { hasCode } from '../core/errors.ts';
import type { IndexFile } from '../core/index/page.ts';
import { parseFilenameFor } from '../core/python/filename.ts';
import type { ProjectName } from '../core/python/name.ts';
import { compareVersions, type Version, versionKey } from '../core/python/version.ts';
import type { OfferedRelease } from './ports.ts';

/** A file of an index page, and why it may not be installed. */
export type OfferedFile = { readonly file: IndexFile; readonly refused?: string };

/** The releases of a page, ascending: one may be installed when one of its files may. */
export function offeredReleases(project: ProjectName, files: readonly OfferedFile[]): readonly OfferedRelease[] {
  const byVersion = new Map<string, { version: Version; files: OfferedFile[] }>();
  for (const offered of files) {
    const version = versionOf(project, offered.file);
    if (version === undefined) continue;
    const there = byVersion.get(versionKey(version));
    if (there) there.files.push(offered);
    else byVersion.set(versionKey(version), { version, files: [offered] });
  }
  return [...byVersion.values()].sort((a, b) => compareVersions(a.version, b.version)).map(toRelease);
}

function toRelease({ version, files }: { version: Version; files: readonly OfferedFile[] }): OfferedRelease {
  const free = files.filter(({ refused }) => refused === undefined);
  const refused = free.length > 0 ? undefined : files[0]?.refused;
  return {
    version,
    sha256: free.flatMap(({ file }) => file.sha256 ?? []),
    requiresPython: [...new Set(free.flatMap(({ file }) => file.requiresPython ?? []))],
    ...(refused !== undefined && { refused }),
  };
}

/** Of a wheel or sdist; eggs and the like are nothing that pip installs. */
function versionOf(project: ProjectName, { filename }: IndexFile): Version | undefined {
  try {
    const named = parseFilenameFor(project, filename);
    return named.kind === 'other' ? undefined : named.version;
  } catch (error) {
    if (hasCode(error, 'FILENAME_INVALID')) return undefined;
    throw error;
  }
}
