import { hasCode, type WheelgateError } from '../errors.ts';
import { quoted } from '../python/quoted.ts';
import type { Advisory } from './advisory.ts';
import type { FeedValidators } from './advisory-store.ts';
import { osvRecordId, parseOsvRecord } from './osv.ts';
import { invalidRecord } from './osv-affected.ts';

/** Advisories as somebody publishes them: read once, front to back. */
export type Feed = {
  /** @throws {WheelgateError} FEED_INVALID while iterating, when the feed as a whole cannot be trusted */
  readonly entries: AsyncIterable<FeedEntry>;
  readonly validators: FeedValidators;
  /** The entries are what changed: records that it does not name stay as they are. */
  readonly isPartial?: true;
};

/** One record of a feed. `ignored`: it says nothing about PyPI; `id` when it was asked for by it. `rejected`: broken; `id` when one can be told. */
export type FeedEntry =
  | { readonly kind: 'advisory'; readonly advisory: Advisory }
  | { readonly kind: 'ignored'; readonly id?: string }
  | { readonly kind: 'rejected'; readonly id?: string; readonly error: WheelgateError };

const IGNORED: FeedEntry = { kind: 'ignored' };

/**
 * Reads the bytes of one OSV record in JSON, with or without a byte order mark.
 * @param filename `<id>.json`, whose id counts when the record itself cannot be read
 */
export function readFeedEntry(bytes: Uint8Array, filename: string): FeedEntry {
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return rejectFeedEntry(filename, 'it is not JSON in UTF-8', error);
  }
  try {
    const advisory = parseOsvRecord(raw);
    return advisory === undefined ? IGNORED : { kind: 'advisory', advisory };
  } catch (error) {
    if (!hasCode(error, 'ADVISORY_INVALID')) throw error;
    const id = osvRecordId(raw) ?? idIn(filename);
    return { kind: 'rejected', ...(id !== undefined && { id }), error };
  }
}

/** The entry of a record that was not even parsed. */
export function rejectFeedEntry(filename: string, reason: string, cause?: unknown): FeedEntry {
  const id = idIn(filename);
  const error = invalidRecord(id ?? `in ${quoted(filename)}`, reason, cause);
  return { kind: 'rejected', ...(id !== undefined && { id }), error };
}

function idIn(filename: string): string | undefined {
  const base = filename.slice(filename.lastIndexOf('/') + 1);
  return osvRecordId({ id: base.replace(/\.json$/i, '') });
}
