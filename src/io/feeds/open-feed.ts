import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FeedValidators } from '../../core/advisories/advisory-store.ts';
import type { Feed } from '../../core/advisories/feed.ts';
import { WheelgateError } from '../../core/errors.ts';
import { download, feedTooLarge } from './download.ts';
import { readFolderFeed } from './folder-feed.ts';
import { defaultFeedLimits, type FeedLimits } from './limits.ts';
import { readZipFeed } from './zip-feed.ts';

export type FeedAnswer = { readonly kind: 'feed'; readonly feed: Feed } | { readonly kind: 'not-modified' };

export type OpenFeedOptions = {
  /** Those of the last import from this location; without them it is read in any case. */
  readonly validators?: FeedValidators;
  readonly limits?: Partial<FeedLimits>;
  readonly signal?: AbortSignal;
  /** Proxies by the scheme of the address, and hosts to reach without one, as in `NO_PROXY`. */
  readonly proxy?: { readonly http?: string; readonly https?: string; readonly none?: string };
};

/**
 * Opens OSV records wherever they are: an http(s) or file address or the path of a bulk zip (`PyPI/all.zip`), or a folder
 * of JSON records.
 * @throws {WheelgateError} FEED_UNREACHABLE, FEED_INVALID
 */
export async function openFeed(location: string, options: OpenFeedOptions = {}): Promise<FeedAnswer> {
  const limits = { ...defaultFeedLimits, ...options.limits };
  const url = /^(?:https?|file):\/\//i.test(location) && URL.canParse(location) ? new URL(location) : undefined;
  if (url === undefined || url.protocol === 'file:') {
    return { kind: 'feed', feed: await openPath(url === undefined ? location : fileURLToPath(url), limits) };
  }
  const signal = options.signal ?? new AbortController().signal;
  const answer = await download(url, options.validators ?? {}, limits, signal, options.proxy);
  if (answer.kind === 'not-modified') return answer;
  return { kind: 'feed', feed: { entries: readZipFeed(answer.bytes, limits), validators: answer.validators } };
}

async function openPath(path: string, limits: FeedLimits): Promise<Feed> {
  const found = await stat(path).catch((error: unknown) => {
    throw new WheelgateError(
      'FEED_INVALID',
      'There is no advisory feed at this path.',
      'Give the path of an OSV zip file or of a folder of OSV records, or an http(s) address.',
      error,
    );
  });
  if (found.isDirectory()) return { entries: readFolderFeed(path, limits), validators: {} };
  if (found.size > limits.maxBytes) throw feedTooLarge(limits.maxBytes);
  return { entries: readZipFeed(await readFile(path), limits), validators: {} };
}
