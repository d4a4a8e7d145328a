import { parseFilename } from '../python/filename.ts';
import { bytesSource } from './byte-source.ts';
import { isFolderOf } from './declared.ts';
import { FindingList } from './finding-list.ts';
import { defaultArchiveLimits } from './limits.ts';
import { openArchive } from './open-archive.ts';

/**
 * The METADATA member of a wheel or the PKG-INFO of an sdist, and nothing else of the file; undefined when there is none.
 * @throws {WheelgateError} FILENAME_INVALID, ARCHIVE_UNREADABLE, FILE_TOO_LARGE
 */
export async function readDistributionMetadata(bytes: Uint8Array, filename: string): Promise<Uint8Array | undefined> {
  const named = parseFilename(filename);
  const archive = await openArchive(bytesSource(bytes), defaultArchiveLimits, new FindingList());
  for await (const member of archive.members()) {
    const [, folder, name] = /^([^/]+)\/(METADATA|PKG-INFO)$/.exec(member.path) ?? [];
    if (member.kind !== 'file' || folder === undefined) continue;
    // A wheel may carry the dist-info of others, and only its own speaks for it.
    const isOwn =
      named.kind === 'wheel'
        ? name === 'METADATA' &&
          folder.endsWith('.dist-info') &&
          isFolderOf(folder.slice(0, -'.dist-info'.length), named)
        : name === 'PKG-INFO';
    if (isOwn) return member.read(defaultArchiveLimits.maxVisitBytes);
  }
  return undefined;
}
