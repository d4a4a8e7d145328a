import type { Sha256 } from '../sha256.ts';
import type { SharedReview, SharedReviewSet } from './shared-review-set.ts';

/** Whose shared reviews count, and until when. */
export type TrustedPublisher = { readonly name: string; readonly expires: Date };

/** What trusted teams say of one file. */
export type Testimony = {
  /** Publishers who certify the whole file. */
  readonly full: readonly string[];
  /** Publishers who certify the difference from a file that is approved here. */
  readonly delta: readonly string[];
  readonly violations: readonly { readonly publisher: string; readonly reason: string }[];
};

export const NO_TESTIMONY: Testimony = { full: [], delta: [], violations: [] };

/** Shared reviews by digest, over all sets. */
export type SharedReviews = ReadonlyMap<Sha256, readonly (SharedReview & { readonly publisher: string })[]>;

/** The reviews in force: of publishers whose trust has not ended, in sets that have not expired. */
export function sharedReviewsInForce(
  sets: readonly SharedReviewSet[],
  trusted: readonly TrustedPublisher[],
  now: Date,
): SharedReviews {
  const byDigest = new Map<Sha256, (SharedReview & { publisher: string })[]>();
  const names = new Set(trusted.filter(({ expires }) => expires > now).map(({ name }) => name));
  for (const { publisher, expires, entries } of sets) {
    if (!names.has(publisher) || new Date(expires) <= now) continue;
    for (const entry of entries)
      byDigest.set(entry.sha256, [...(byDigest.get(entry.sha256) ?? []), { ...entry, publisher }]);
  }
  return byDigest;
}

/**
 * What is said of one file. A publisher's violation outranks its own certification; a delta counts only from a file that is
 * approved here, so that nobody's word is passed on.
 * @param isApproved whether a digest was approved or allowed here
 */
export function testimonyOf(
  reviews: SharedReviews,
  sha256: Sha256 | undefined,
  isApproved: (sha256: Sha256) => boolean,
): Testimony {
  const said = sha256 === undefined ? undefined : reviews.get(sha256);
  if (said === undefined) return NO_TESTIMONY;
  const violations = said.filter(({ kind }) => kind === 'violation');
  const against = new Set(violations.map(({ publisher }) => publisher));
  const publishers = (matches: (review: SharedReview) => boolean) => [
    ...new Set(
      said.filter((review) => !against.has(review.publisher) && matches(review)).map(({ publisher }) => publisher),
    ),
  ];
  return {
    full: publishers(({ kind }) => kind === 'full'),
    delta: publishers((review) => review.kind === 'delta' && isApproved(review.from)),
    violations: violations.map(({ publisher, reason }) => ({ publisher, reason })),
  };
}
