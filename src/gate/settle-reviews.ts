import { type Fact, isSameRelease } from '../core/policy/fact.ts';
import type { Review, ReviewState } from '../core/review/review.ts';
import { settleByFact } from '../core/review/settle-review.ts';
import type { ChangeReview } from './change-review.ts';
import type { ReviewStore } from './ports.ts';

/** Whoever decides past a review closes it: `approve`, `deny` and `revoke` of the person at the data folder. */
export function createSettleReviews({
  reviews,
  changes,
}: {
  readonly reviews: ReviewStore;
  readonly changes: ChangeReview;
}) {
  return async function settleReviews(facts: readonly Fact[]): Promise<void> {
    const [first] = facts;
    if (!first) return;
    const { project, kind, index, actor, reason, at } = first;
    const query = { project, ...(index !== undefined && { index }), limit: 500 };
    for (const review of await reviews.list(query)) {
      const to: ReviewState = kind === 'approval' ? 'approved' : 'rejected';
      if (!concerns(review, facts) || !opensTo(review, to)) continue;
      await changes.change(review.id, (current) =>
        opensTo(current, to)
          ? settleByFact(current, to, { by: actor, at, reason, kind })
          : { review: current, events: [] },
      );
    }
  };
}

/** An approval concerns a review when it covers all files that were asked for; a denial, when it covers one of them. */
function concerns(review: Review, facts: readonly Fact[]): boolean {
  const isCovered = (sha256: string | undefined) =>
    facts.some((fact) =>
      fact.sha256 === undefined
        ? fact.version === undefined || isSameRelease(fact.version, review.version)
        : fact.sha256 === sha256,
    );
  const { files } = review;
  return facts[0]!.kind === 'approval'
    ? files.every(({ sha256 }) => isCovered(sha256))
    : files.some(({ sha256 }) => isCovered(sha256));
}

/** A revocation also ends what was approved. */
function opensTo({ state }: Review, to: ReviewState): boolean {
  return state === 'open' || (to === 'rejected' && state === 'approved');
}
