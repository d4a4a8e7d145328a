import { LRUCache } from 'lru-cache';
import type { ProjectPage } from '../core/index/page.ts';
import { matchesAnyName } from '../core/policy/rules/name-pattern.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { CachedPage, Clock, PageStore, Upstream } from './ports.ts';
import type { ServedIndex } from './served-index.ts';
import { createSingleFlight } from './single-flight.ts';

/** What the upstreams of an index say about a project. */
export type ProjectView =
  | {
      readonly kind: 'page';
      readonly page: ProjectPage;
      readonly owner: Upstream;
      readonly isPrivate: boolean;
      /** When the page was last confirmed by its upstream. */
      readonly fetchedAt: Date;
    }
  /** Every upstream answered that it has no such project. */
  | { readonly kind: 'absent' }
  /** The name is the team's own and no private upstream has it: public ones were not asked. */
  | { readonly kind: 'reserved' };

export type ReadProjectNeeds = {
  readonly pages: PageStore;
  readonly clock: Clock;
  /** How long a page is served without asking its upstream again. */
  readonly pageTtlMs: number;
  readonly onUpstreamError: (upstream: string, error: unknown) => void;
};

/** A page that is there answers within this time even when the upstream hangs; the refresh goes on behind it. */
const PATIENCE_WITH_CACHE_MS = 800;
/** After a failure an upstream is left alone this long for a page that we have. */
const PAUSE_AFTER_FAILURE_MS = 10_000;
/** Files over all pages that are kept parsed in memory. */
const MAX_FILES_IN_MEMORY = 100_000;

/**
 * Reads a project's page from the first upstream that has it: cached, revalidated by ETag, stale when the upstream fails.
 * An upstream that fails without a cached answer fails the whole read: asking the next one would let a public project
 * stand in for a private one.
 */
export function createReadProject({ pages, clock, pageTtlMs, onUpstreamError }: ReadProjectNeeds) {
  const memory = new LRUCache<string, CachedPage>({
    maxSize: MAX_FILES_IN_MEMORY,
    sizeCalculation: ({ page }) => 1 + (page?.files.length ?? 0),
  });
  const failedAt = new LRUCache<string, number>({ max: 10_000 });
  const oneFetch = createSingleFlight<CachedPage>();

  async function fetchPage(
    upstream: Upstream,
    project: ProjectName,
    cached: CachedPage | undefined,
  ): Promise<CachedPage> {
    const answer = await upstream.readPage(project, cached?.etag);
    const fetchedAt = clock();
    if (answer.kind === 'not-modified' && !cached)
      throw new Error('an upstream answered 304 to an unconditional request');
    const fresh: CachedPage =
      answer.kind === 'not-modified'
        ? { ...cached, fetchedAt }
        : answer.kind === 'absent'
          ? { fetchedAt }
          : { page: answer.page, fetchedAt, ...(answer.etag !== undefined && { etag: answer.etag }) };
    // An absent name is remembered in memory only: anybody may ask for any name, and the disk must not fill with them.
    if (fresh.page || cached?.page) await pages.put(upstream.name, project, fresh);
    return fresh;
  }

  async function readFrom(upstream: Upstream, project: ProjectName): Promise<CachedPage> {
    const key = `${upstream.name} ${project}`;
    const cached = memory.get(key) ?? (await pages.find(upstream.name, project));
    const now = clock().getTime();
    if (cached) {
      memory.set(key, cached);
      if (now - cached.fetchedAt.getTime() < pageTtlMs) return cached;
      if (now - (failedAt.get(key) ?? Number.NEGATIVE_INFINITY) < PAUSE_AFTER_FAILURE_MS) return cached;
    }
    const refresh = oneFetch(key, async () => {
      try {
        const fresh = await fetchPage(upstream, project, cached);
        memory.set(key, fresh);
        return fresh;
      } catch (error) {
        failedAt.set(key, clock().getTime());
        onUpstreamError(upstream.name, error);
        throw error;
      }
    });
    if (!cached) return refresh;
    return Promise.race([refresh.catch(() => cached), delay(PATIENCE_WITH_CACHE_MS, cached)]);
  }

  return async function readProject(index: ServedIndex, project: ProjectName): Promise<ProjectView> {
    const reserved = matchesAnyName(index.policy().rules['reserved-names'].names, project);
    for (const { upstream, isPrivate } of index.upstreams) {
      if (reserved && !isPrivate) continue;
      const { page, fetchedAt } = await readFrom(upstream, project);
      if (page) return { kind: 'page', page, owner: upstream, isPrivate, fetchedAt };
    }
    return { kind: reserved ? 'reserved' : 'absent' };
  };
}

/** Resolves to `value` after `ms`, without keeping the process alive for it. */
function delay<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value).unref());
}
