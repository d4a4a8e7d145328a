import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AdvisoryExport } from '../../core/advisories/advisory-export.ts';
import type { FeedChanges, FeedValidators } from '../../core/advisories/advisory-store.ts';
import type { Feed } from '../../core/advisories/feed.ts';
import { WheelgateError } from '../../core/errors.ts';
import { type FetchBeside, readChanges } from './changed-records.ts';
import { download, type FeedProxy, feedTooLarge } from './download.ts';
import { readFolderFeed } from './folder-feed.ts';
import { defaultFeedLimits, type FeedLimits } from './limits.ts';
import { readExport } from './read-export.ts';
import { readZipFeed } from './zip-feed.ts';

export type FeedAnswer =
  | { readonly kind: 'feed'; readonly feed: Feed }
  /** What another gate knew: it has sources of its own, and was checked to its end. */
  | { readonly kind: 'export'; readonly exported: AdvisoryExport }
  | { readonly kind: 'not-modified' };

export type OpenFeedOptions = {
  /** Those of the last import from this location; without them it is read in any case. */
  readonly validators?: FeedValidators;
  readonly limits?: Partial<FeedLimits>;
  readonly signal?: AbortSignal;
  readonly now?: Date;
  readonly proxy?: FeedProxy;
};

/**
 * Opens OSV records wherever they are: an http(s) or file address or the path of a bulk zip (`PyPI/all.zip`), or a folder
 * of JSON records, or an export of another gate. Of an address `…/all.zip` that was read before only the records are fetched that OSV's list of changes
 * beside it names.
 * @throws {WheelgateError} FEED_UNREACHABLE, FEED_INVALID
 */
export async function openFeed(location: string, options: OpenFeedOptions = {}): Promise<FeedAnswer> {
  const limits = { ...defaultFeedLimits, ...options.limits };
  const url = /^(?:https?|file):\/\//i.test(location) && URL.canParse(location) ? new URL(location) : undefined;
  if (url === undefined || url.protocol === 'file:') {
    return openPath(url === undefined ? location : fileURLToPath(url), limits);
  }
  const signal = options.signal ?? new AbortController().signal;
  const fetchFrom = (address: URL, validators: FeedValidators) =>
    download(address, validators, limits, signal, options.proxy);
  let changes: FeedChanges | undefined;
  if (/\/all\.zip$/.test(url.pathname)) {
    const beside: FetchBeside = (name, validators) => fetchFrom(addressBeside(url, name), validators);
    const answer = await readChanges(beside, options.validators, limits, options.now ?? new Date());
    if (answer.kind !== 'whole') return answer.kind === 'changes' ? { kind: 'feed', feed: answer.feed } : answer;
    changes = answer.changes;
  }
  const answer = await fetchFrom(url, options.validators ?? {});
  if (answer.kind === 'not-modified') return answer;
  return openZipFeed(answer.bytes, { ...answer.validators, ...(changes && { changes }) }, limits);
}

/** A file in the folder of the zip; user, password and query go with it. */
function addressBeside(zip: URL, name: string): URL {
  const url = new URL(zip);
  url.pathname = url.pathname.replace(/[^/]*$/, encodeURIComponent(name));
  return url;
}

async function openZipFeed(bytes: Uint8Array, validators: FeedValidators, limits: FeedLimits): Promise<FeedAnswer> {
  const exported = await readExport(bytes, limits);
  if (exported !== undefined) return { kind: 'export', exported };
  return { kind: 'feed', feed: { entries: readZipFeed(bytes, limits), validators } };
}

async function openPath(path: string, limits: FeedLimits): Promise<FeedAnswer> {
  const found = await stat(path).catch((error: unknown) => {
    throw new WheelgateError(
      'FEED_INVALID',
      'There is no advisory feed at this path.',
      'Give the path of an OSV zip file or of a folder of OSV records, or an http(s) address.',
      error,
    );
  });
  if (found.isDirectory()) return { kind: 'feed', feed: { entries: readFolderFeed(path, limits), validators: {} } };
  if (found.size > limits.maxBytes) throw feedTooLarge(limits.maxBytes);
  return openZipFeed(await readFile(path), {}, limits);
}
