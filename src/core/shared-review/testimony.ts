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

/** Shared reviews by digest, over all sets; each counts until its set or the trust in its publisher ends. */
export type SharedReviews = ReadonlyMap<Sha256, readonly PublishedReview[]>;

type PublishedReview = SharedReview & { readonly publisher: string; readonly until: Date };

/** The reviews of all sets whose publisher is trusted. */
export function collectSharedReviews(
  sets: readonly SharedReviewSet[],
  trusted: readonly TrustedPublisher[],
): SharedReviews {
  const byDigest = new Map<Sha256, PublishedReview[]>();
  for (const { publisher, expires, entries } of sets) {
    const trust = trusted.find(({ name }) => name === publisher);
    if (trust === undefined) continue;
    const until = new Date(Math.min(trust.expires.getTime(), Date.parse(expires)));
    for (const entry of entries) {
      const review = { ...entry, publisher, until };
      byDigest.set(entry.sha256, [...(byDigest.get(entry.sha256) ?? []), review]);
    }
  }
  return byDigest;
}

/**
 * What is said of one file. A publisher's violation outranks its own certification; a delta counts only from a file that is
 * approved here, so that nobody's word is passed on. Undefined: nobody says anything.
 * @param isApproved whether a digest was approved or allowed here
 */
export function testimonyOf(
  reviews: SharedReviews,
  sha256: Sha256 | undefined,
  isApproved: (sha256: Sha256) => boolean,
  now: Date,
): Testimony | undefined {
  const said = (sha256 === undefined ? undefined : reviews.get(sha256))?.filter(({ until }) => until > now) ?? [];
  if (said.length === 0) return undefined;
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
