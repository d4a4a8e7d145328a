import type { AdvisoryExport } from '../core/advisories/advisory-export.ts';
import type { AdvisoryStore, FeedValidators } from '../core/advisories/advisory-store.ts';
import type { ExploitationStore } from '../core/advisories/exploitation-store.ts';
import type { Feed } from '../core/advisories/feed.ts';
import { withoutCredentials } from '../core/without-credentials.ts';
import { type ImportNeeds, type ImportResult, importAdvisories } from './import-advisories.ts';
import { importExport } from './import-export.ts';
import { type ExploitationOutcome, planExploitation } from './sync-exploitation.ts';

export type SyncFeedsNeeds = ImportNeeds & {
  readonly exploitation: ExploitationStore;
  readonly openFeed: (
    location: string,
    validators: FeedValidators | undefined,
    signal: AbortSignal | undefined,
  ) => Promise<{ kind: 'feed'; feed: Feed } | { kind: 'export'; exported: AdvisoryExport } | { kind: 'not-modified' }>;
};

/** What one feed brought, or why it brought nothing. `location` is what may be shown and stored: without credentials. */
export type FeedOutcome =
  | { readonly location: string; readonly kind: 'imported'; readonly result: ImportResult }
  | { readonly location: string; readonly kind: 'not-modified' }
  /** EPSS or KEV of an export. */
  | { readonly location: string; readonly kind: 'exploitation'; readonly outcome: ExploitationOutcome }
  | { readonly location: string; readonly kind: 'failed'; readonly error: unknown };

/**
 * Reads every configured feed, each by itself: one that fails leaves what it brought before, and the others, in force.
 * @param options.signal ends a download and leaves out the feeds behind it
 */
export async function syncFeeds(
  needs: SyncFeedsNeeds,
  locations: readonly string[],
  { actor, force = false, signal }: { actor: string; force?: boolean; signal?: AbortSignal },
): Promise<readonly FeedOutcome[]> {
  const outcomes: FeedOutcome[] = [];
  for (const address of locations) {
    if (signal?.aborted) break;
    const location = withoutCredentials(address);
    try {
      const validators = force ? undefined : await validatorsOf(needs.store, location);
      const answer = await needs.openFeed(address, validators, signal);
      outcomes.push(...(await take(needs, answer, { location, actor, force })));
    } catch (error) {
      outcomes.push({ location, kind: 'failed', error });
    }
  }
  return outcomes;
}

/** An export has an outcome for each of its sources, under the name that the source has. */
async function take(
  needs: SyncFeedsNeeds,
  answer: Awaited<ReturnType<SyncFeedsNeeds['openFeed']>>,
  { location, actor, force }: { location: string; actor: string; force: boolean },
): Promise<readonly FeedOutcome[]> {
  switch (answer.kind) {
    case 'not-modified':
      return [{ location, kind: 'not-modified' }];
    case 'feed': {
      const result = await importAdvisories(needs, answer.feed, { source: location, actor, force });
      return [{ location, kind: 'imported', result }];
    }
    case 'export': {
      // All is looked at before anything is written.
      const plans = await Promise.all(
        answer.exported.exploitation.map(async (exported) => ({
          exported,
          apply: await planExploitation({ store: needs.exploitation, clock: needs.clock }, exported, { actor, force }),
        })),
      );
      const taken = await importExport(needs, answer.exported, { actor, force });
      for (const { apply } of plans) await apply?.();
      return [
        ...taken.map(({ source, result }) =>
          result
            ? ({ location: source, kind: 'imported', result } as const)
            : ({ location: source, kind: 'not-modified' } as const),
        ),
        ...plans.map(({ exported: { source, content }, apply }) => {
          const about = { location: source, feed: content.feed };
          const outcome: ExploitationOutcome = apply
            ? { ...about, kind: 'imported', records: content.entries.size, rejected: 0 }
            : { ...about, kind: 'not-modified' };
          return { location: source, kind: 'exploitation', outcome } as const;
        }),
      ];
    }
  }
}

async function validatorsOf(store: AdvisoryStore, source: string): Promise<FeedValidators | undefined> {
  return (await store.statuses()).find((status) => status.source === source)?.validators;
}
