import type { AdvisoryStore, FeedValidators } from '../core/advisories/advisory-store.ts';
import type { Feed } from '../core/advisories/feed.ts';
import { type ImportNeeds, type ImportResult, importAdvisories } from './import-advisories.ts';

export type SyncFeedsNeeds = ImportNeeds & {
  readonly openFeed: (
    location: string,
    validators: FeedValidators | undefined,
  ) => Promise<{ kind: 'feed'; feed: Feed } | { kind: 'not-modified' }>;
};

/** What one feed brought, or why it brought nothing. */
export type FeedOutcome =
  | { readonly location: string; readonly kind: 'imported'; readonly result: ImportResult }
  | { readonly location: string; readonly kind: 'not-modified' }
  | { readonly location: string; readonly kind: 'failed'; readonly error: unknown };

/** Reads every configured feed, each by itself: one that fails leaves what it brought before, and the others, in force. */
export async function syncFeeds(
  needs: SyncFeedsNeeds,
  locations: readonly string[],
  { actor, force = false }: { actor: string; force?: boolean },
): Promise<readonly FeedOutcome[]> {
  const outcomes: FeedOutcome[] = [];
  for (const location of locations) {
    try {
      const answer = await needs.openFeed(location, force ? undefined : await validatorsOf(needs.store, location));
      outcomes.push(
        answer.kind === 'not-modified'
          ? { location, kind: 'not-modified' }
          : {
              location,
              kind: 'imported',
              result: await importAdvisories(needs, answer.feed, { source: location, actor, force }),
            },
      );
    } catch (error) {
      outcomes.push({ location, kind: 'failed', error });
    }
  }
  return outcomes;
}

async function validatorsOf(store: AdvisoryStore, source: string): Promise<FeedValidators | undefined> {
  return (await store.statuses()).find((status) => status.source === source)?.validators;
}
