import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FeedEntry, readFeedEntry, rejectFeedEntry } from '../../core/advisories/feed.ts';
import { bytesSource } from '../../core/archive/byte-source.ts';
import { FindingList } from '../../core/archive/finding-list.ts';
import { defaultArchiveLimits } from '../../core/archive/limits.ts';
import { openZip } from '../../core/archive/zip.ts';
import { WheelgateError } from '../../core/errors.ts';
import type { FeedLimits } from './limits.ts';

/** So many records are read before other work gets its turn: a few milliseconds. */
const RECORDS_PER_TURN = 50;

/**
 * The records of an OSV bulk zip: its members `*.json`, in any folder.
 * @throws {WheelgateError} FEED_INVALID for a damaged archive, which is never half a feed
 */
export async function* readZipFeed(bytes: Uint8Array, limits: FeedLimits): AsyncGenerator<FeedEntry> {
  const findings = new FindingList();
  try {
    const archive = await openZip(
      bytesSource(bytes),
      { ...defaultArchiveLimits, maxMembers: limits.maxRecords, maxExpandedBytes: limits.maxExpandedBytes },
      findings,
    );
    let count = 0;
    for await (const member of archive.members()) {
      if (member.kind !== 'file' || !/\.json$/i.test(member.path)) continue;
      if (++count % RECORDS_PER_TURN === 0) await nextTurn();
      yield member.size > limits.maxRecordBytes
        ? rejectFeedEntry(member.path, `it has ${member.size} bytes`)
        : readFeedEntry(await member.read(), member.path);
    }
  } catch (error) {
    if (!(error instanceof WheelgateError)) throw error;
    throw damagedFeed(error.message, error);
  }
  const damage = findings.all().find(({ effect }) => effect === 'block');
  if (damage !== undefined) throw damagedFeed(damage.message, damage);
}

function damagedFeed(reason: string, cause: unknown): WheelgateError {
  return new WheelgateError(
    'FEED_INVALID',
    `The advisory feed is no zip file that can be read: ${reason}`,
    'Fetch it again. Nothing of it was used; the advisories known before stay in force.',
    cause,
  );
}
