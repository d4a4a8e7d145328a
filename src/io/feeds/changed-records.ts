import type { FeedChanges, FeedValidators } from '../../core/advisories/advisory-store.ts';
import { type ChangeList, readChangeList } from '../../core/advisories/change-list.ts';
import { type Feed, type FeedEntry, readFeedEntry, rejectFeedEntry } from '../../core/advisories/feed.ts';
import { hasCode } from '../../core/errors.ts';
import type { Download } from './download.ts';
import type { FeedLimits } from './limits.ts';

/** Fetches one file of the database, such as `modified_id.csv`. @throws {WheelgateError} FEED_UNREACHABLE, FEED_INVALID */
export type FetchBeside = (name: string, validators: FeedValidators) => Promise<Download>;

export type Changes =
  | { readonly kind: 'changes'; readonly feed: Feed }
  | { readonly kind: 'not-modified' }
  /** The whole zip has to be read; with what the next list of changes is read up to, when there is one. */
  | { readonly kind: 'whole'; readonly changes?: FeedChanges };

/** Records that vanish without a word are found by reading everything now and then. */
const WHOLE_EVERY_MS = 7 * 24 * 3_600_000;
/** Beyond so many the zip is the shorter way. */
const MAX_RECORDS = 1_000;
const AT_ONCE = 8;

/**
 * Finds out what changed since the last import, by the list that OSV publishes beside its bulk zip, and fetches only
 * these records. Whatever is wrong with the list, or a record that it names and that is not there, leads to the zip.
 * @param last where the last import ended; undefined for the first
 */
export async function readChanges(
  fetchBeside: FetchBeside,
  last: FeedValidators | undefined,
  limits: FeedLimits,
  now: Date,
): Promise<Changes> {
  const known = last?.changes;
  const isWholeDue = known === undefined || now.getTime() - Date.parse(known.wholeAt) >= WHOLE_EVERY_MS;
  let list: Download;
  let changed: ChangeList;
  try {
    list = await fetchBeside('modified_id.csv', isWholeDue ? {} : known.list);
    if (list.kind === 'not-modified') return list;
    changed = readChangeList(Buffer.from(list.bytes).toString('latin1'), known?.newest);
  } catch (error) {
    if (hasCode(error, 'FEED_UNREACHABLE') || hasCode(error, 'FEED_INVALID')) return { kind: 'whole' };
    throw error;
  }
  const next = { newest: changed.newest, list: list.validators };
  if (isWholeDue || changed.ids.length > MAX_RECORDS) {
    return { kind: 'whole', changes: { ...next, wholeAt: now.toISOString() } };
  }
  const validators = { ...last, changes: { ...next, wholeAt: known.wholeAt } };
  return {
    kind: 'changes',
    feed: { entries: fetchRecords(fetchBeside, changed.ids, limits), validators, isPartial: true },
  };
}

/** A record that cannot be fetched ends the whole update: the next one begins where this one did. */
async function* fetchRecords(
  fetchBeside: FetchBeside,
  ids: readonly string[],
  limits: FeedLimits,
): AsyncGenerator<FeedEntry> {
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    yield* await Promise.all(some.map((id) => fetchRecord(fetchBeside, id, limits)));
  }
}

async function fetchRecord(fetchBeside: FetchBeside, id: string, limits: FeedLimits): Promise<FeedEntry> {
  const filename = `${id}.json`;
  const answer = await fetchBeside(filename, {});
  if (answer.kind === 'not-modified') return rejectFeedEntry(filename, 'the server says "not modified" unasked');
  if (answer.bytes.length > limits.maxRecordBytes) {
    return rejectFeedEntry(filename, `it has ${answer.bytes.length} bytes`);
  }
  const entry = readFeedEntry(answer.bytes, filename);
  if (entry.kind === 'ignored') return { kind: 'ignored', id };
  if (entry.kind === 'advisory' && entry.advisory.id !== id) {
    return rejectFeedEntry(filename, `it is the record ${entry.advisory.id}`);
  }
  return entry;
}
