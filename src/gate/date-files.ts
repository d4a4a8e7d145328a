import { LRUCache } from 'lru-cache';
import type { IndexFile } from '../core/index/page.ts';
import type { Age } from '../core/policy/evidence.ts';
import type { Policy } from '../core/policy/policy.ts';
import { compareVersions, tryParseVersion } from '../core/python/version.ts';
import type { Clock, FileTime, Store, Upstream } from './ports.ts';

type Needs = { readonly fileTimes: Store['fileTimes']; readonly clock: Clock };

/** Requests for `Last-Modified` that run at once against one upstream. */
const CONCURRENT = 8;
/** A page waits this long for dates; what is left is dated behind it and counts at the next look. */
const DEADLINE_MS = 4_000;
/** The same where some files have dates already: a project in use answers although its upstream hangs. */
const DEADLINE_WITH_DATES_MS = 800;
/** After so many failures in a row the other files are not asked for: thousands would be in vain. */
const MAX_FAILURES = 2 * CONCURRENT;
/** A date that could not be had is not asked for again before this. */
export const RETRY_DATES_AFTER_MS = 10_000;

export type DatedFiles = {
  readonly ages: ReadonlyMap<string, Age>;
  /** Settles when files that were still undated at the deadline are dated; undefined when none were. */
  readonly rest?: Promise<void>;
  /** The upstream failed for some files: worth another try after `RETRY_DATES_AFTER_MS`. */
  readonly hasFailed?: boolean;
};

/**
 * Says how old each file is (by URL). Upload times of the page come first; for an upstream without them, what
 * `cooldown.unknown_age` asks for. A date once known is kept.
 */
export function createDateFiles({ fileTimes, clock }: Needs) {
  /** When a date could not be had, by the file's URL. */
  const failedAt = new LRUCache<string, number>({ max: 50_000 });

  return async function dateFiles(
    policy: Policy,
    upstream: Upstream,
    files: readonly IndexFile[],
    versionOf: (file: IndexFile) => string | undefined,
  ): Promise<DatedFiles> {
    const ages = new Map<string, Age>();
    const undated: IndexFile[] = [];
    for (const file of files) {
      if (file.uploadTime) ages.set(file.url, { at: file.uploadTime, source: 'upload-time' });
      else undated.push(file);
    }
    const how = policy.rules.cooldown.unknown_age;
    if (undated.length === 0 || how === 'hold' || how === 'ignore') return { ages };

    const known = await fileTimes.find(
      upstream.name,
      undated.map(({ url }) => url),
    );
    for (const [url, time] of known) ages.set(url, time);
    const missing = undated.filter(({ url }) => !known.has(url));
    if (missing.length === 0) return { ages };
    if (how === 'first-seen') {
      const time: FileTime = { at: clock(), source: 'first-seen' };
      await fileTimes.put(
        upstream.name,
        missing.map(({ url }) => ({ url, time })),
      );
      for (const { url } of missing) ages.set(url, time);
      return { ages };
    }
    const now = clock().getTime();
    const worthAsking = missing.filter(({ url }) => now - (failedAt.get(url) ?? -Infinity) >= RETRY_DATES_AFTER_MS);
    if (worthAsking.length === 0) return { ages, hasFailed: true };
    // Newest first: those are what clients ask for and what a cooldown is about.
    const asking = askAll(upstream, newestFirst(worthAsking, versionOf), ages);
    const deadline = after(ages.size > 0 ? DEADLINE_WITH_DATES_MS : DEADLINE_MS);
    const inTime = await Promise.race([asking.then(() => true), deadline]);
    return inTime ? { ages, hasFailed: missing.some(({ url }) => !ages.has(url)) } : { ages, rest: asking };
  };

  async function askAll(upstream: Upstream, files: readonly IndexFile[], ages: Map<string, Age>): Promise<void> {
    const queue = files[Symbol.iterator]();
    let failures = 0;
    await Promise.all(
      Array.from({ length: CONCURRENT }, async () => {
        for (const file of queue) {
          const time = failures < MAX_FAILURES ? await ask(upstream, file) : undefined;
          if (!time) {
            failures++;
            failedAt.set(file.url, clock().getTime());
            continue;
          }
          failures = 0;
          await fileTimes.put(upstream.name, [{ url: file.url, time }]);
          ages.set(file.url, time);
        }
      }),
    );
  }

  /** An upstream that has no date for the file leaves our first sight of it; one that fails is asked again next time. */
  async function ask(upstream: Upstream, file: IndexFile): Promise<FileTime | undefined> {
    try {
      const modified = await upstream.lastModified(file, AbortSignal.timeout(DEADLINE_MS));
      return modified ? { at: modified, source: 'last-modified' } : { at: clock(), source: 'first-seen' };
    } catch {
      return undefined;
    }
  }
}

function newestFirst(files: readonly IndexFile[], versionOf: (file: IndexFile) => string | undefined): IndexFile[] {
  const keyed = files.map((file) => ({ file, version: tryParseVersion(versionOf(file) ?? '') }));
  keyed.sort((a, b) =>
    a.version && b.version
      ? compareVersions(b.version, a.version)
      : Number(b.version !== undefined) - Number(a.version !== undefined),
  );
  return keyed.map(({ file }) => file);
}

function after(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, false).unref();
  });
}
