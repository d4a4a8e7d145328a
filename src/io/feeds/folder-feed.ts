import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type FeedEntry, readFeedEntry, rejectFeedEntry } from '../../core/advisories/feed.ts';
import { WheelgateError } from '../../core/errors.ts';
import type { FeedLimits } from './limits.ts';

/**
 * The records of a folder of OSV records: its files `*.json`, in any sub-folder, in the order of their paths, without
 * following symbolic links.
 * @throws {WheelgateError} FEED_INVALID when it cannot be read or holds more than we read
 */
export async function* readFolderFeed(folder: string, limits: FeedLimits): AsyncGenerator<FeedEntry> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw unreadableFolder('it cannot be listed', error);
  });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.json$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (paths.length > limits.maxRecords) throw unreadableFolder(`it has more than ${limits.maxRecords} records`);
  for (const path of paths) {
    try {
      const { size } = await stat(path);
      yield size > limits.maxRecordBytes
        ? rejectFeedEntry(path, `it has ${size} bytes`)
        : readFeedEntry(await readFile(path), path);
    } catch (error) {
      throw unreadableFolder('a file in it cannot be read', error);
    }
  }
}

function unreadableFolder(reason: string, cause: unknown = undefined): WheelgateError {
  return new WheelgateError(
    'FEED_INVALID',
    `The folder of advisories was not read: ${reason}.`,
    'Give a folder with one OSV record per .json file that this user may read.',
    cause,
  );
}
