import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FeedEntry, readFeedEntry, rejectFeedEntry } from '../../core/advisories/feed.ts';
import type { FeedLimits } from './limits.ts';
import { readZipMembers } from './zip-members.ts';

/** So many records are read before other work gets its turn: a few milliseconds. */
const RECORDS_PER_TURN = 50;

/**
 * The records of an OSV bulk zip: its members `*.json`, in any folder.
 * @throws {WheelgateError} FEED_INVALID for a damaged archive, which is never half a feed
 */
export async function* readZipFeed(bytes: Uint8Array, limits: FeedLimits): AsyncGenerator<FeedEntry> {
  let count = 0;
  for await (const member of readZipMembers(bytes, limits)) {
    if (!/\.json$/i.test(member.path)) continue;
    if (++count % RECORDS_PER_TURN === 0) await nextTurn();
    yield member.size > limits.maxRecordBytes
      ? rejectFeedEntry(member.path, `it has ${member.size} bytes`)
      : readFeedEntry(await member.read(), member.path);
  }
}
