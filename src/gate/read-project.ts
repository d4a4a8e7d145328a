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
/** After a failure, or an answer that did not come in time, an upstream is left alone this long for a page that we have. */
const PAUSE_AFTER_FAILURE_MS = 10_000;
/** What a failing upstream counts as for a name that one behind it was seen to own. */
const NOT_THERE: CachedPage = { fetchedAt: new Date(0) };
/** Files over all pages that are kept parsed in memory. */
const MAX_FILES_IN_MEMORY = 100_000;

/**
 * Reads a project's page from the first upstream that has it: cached, revalidated by ETag, stale when the upstream fails.
 * An upstream that fails without a cached page fails the whole read: asking the next one would let a public project stand
 * in for a private one. Only a name that a later upstream is known to own, because its page is stored, is read from there.
 * That an upstream had no such project is believed while it is fresh, never when stale.
 */
export function createReadProject({ pages, clock, pageTtlMs, onUpstreamError }: ReadProjectNeeds) {
  const memory = new LRUCache<string, CachedPage>({
    maxSize: MAX_FILES_IN_MEMORY,
    sizeCalculation: ({ page }) => 1 + (page?.files.length ?? 0),
  });
  const failedAt = new LRUCache<string, number>({ max: 10_000 });
  const oneFetch = createSingleFlight<CachedPage>();
  const keyOf = (upstream: Upstream, project: ProjectName) => `${upstream.name} ${project}`;

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

  async function findCached(upstream: Upstream, project: ProjectName): Promise<CachedPage | undefined> {
    const key = keyOf(upstream, project);
    const there = memory.get(key);
    if (there) return there;
    const stored = await pages.find(upstream.name, project);
    if (stored) memory.set(key, stored);
    return stored;
  }

  async function isOwnedByAny(upstreams: readonly Upstream[], project: ProjectName): Promise<boolean> {
    for (const upstream of upstreams) if ((await findCached(upstream, project))?.page) return true;
    return false;
  }

  /** @param later the upstreams that are asked when this one has no such project */
  async function readFrom(upstream: Upstream, project: ProjectName, later: readonly Upstream[]): Promise<CachedPage> {
    const key = keyOf(upstream, project);
    const cached = await findCached(upstream, project);
    const now = clock().getTime();
    if (cached && now - cached.fetchedAt.getTime() < pageTtlMs) return cached;
    const fallback = cached?.page ? cached : (await isOwnedByAny(later, project)) ? NOT_THERE : undefined;
    if (fallback && now - (failedAt.get(key) ?? Number.NEGATIVE_INFINITY) < PAUSE_AFTER_FAILURE_MS) return fallback;
    const refresh = oneFetch(key, async () => {
      try {
        const fresh = await fetchPage(upstream, project, cached);
        memory.set(key, fresh);
        failedAt.delete(key);
        return fresh;
      } catch (error) {
        failedAt.set(key, clock().getTime());
        onUpstreamError(upstream.name, error);
        throw error;
      }
    });
    return fallback ? withPatience(key, refresh, fallback) : refresh;
  }

  /** The answer if it comes in time, else what we have; who comes next then does not wait for it again. */
  function withPatience(key: string, refresh: Promise<CachedPage>, fallback: CachedPage): Promise<CachedPage> {
    let isAnswered = false;
    const answer = refresh
      .catch(() => fallback)
      .finally(() => {
        isAnswered = true;
      });
    const patience = delay(PATIENCE_WITH_CACHE_MS).then(() => {
      if (!isAnswered) failedAt.set(key, clock().getTime());
      return fallback;
    });
    return Promise.race([answer, patience]);
  }

  return async function readProject(index: ServedIndex, project: ProjectName): Promise<ProjectView> {
    const reserved = matchesAnyName(index.policy().rules['reserved-names'].names, project);
    const asked = reserved ? index.upstreams.filter(({ isPrivate }) => isPrivate) : index.upstreams;
    for (const [i, { upstream, isPrivate }] of asked.entries()) {
      const later = asked.slice(i + 1).map((one) => one.upstream);
      const { page, fetchedAt } = await readFrom(upstream, project, later);
      if (page) return { kind: 'page', page, owner: upstream, isPrivate, fetchedAt };
    }
    return { kind: reserved ? 'reserved' : 'absent' };
  };
}

/** Resolves after `ms`, without keeping the process alive for it. */
function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
