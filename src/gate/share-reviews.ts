import { hasCode } from '../core/errors.ts';
import { BASELINE, type Fact, latestFacts } from '../core/policy/fact.ts';
import type { Sha256 } from '../core/sha256.ts';
import { invalidSet, type SharedReview, type SharedReviewSet } from '../core/shared-review/shared-review-set.ts';
import { openSet } from '../core/shared-review/sign-set.ts';
import type { TrustedPublisher } from '../core/shared-review/testimony.ts';
import type { Clock, Store } from './ports.ts';

export type ShareReviewsNeeds = {
  readonly store: Pick<Store, 'facts' | 'files' | 'sharedReviews'>;
  /** With the key of each. */
  readonly trusted: readonly (TrustedPublisher & { readonly key: string })[];
  readonly clock: Clock;
};

/** What an approval says when it does not say it: whoever approves a file installs it everywhere. */
const UNSAID = 'safe-to-deploy';

/** Publishing the team's own reviews, and taking in those of others. */
export function createShareReviews({ store, trusted, clock }: ShareReviewsNeeds) {
  /**
   * The team's approvals and revocations in force, as a set to sign. Denials stay at home: they may rest on taste. What the
   * rules allowed by themselves is nobody's review, and what came from others is theirs to publish.
   */
  async function collect(publisher: string, expires: Date): Promise<SharedReviewSet> {
    const entries = new Map<Sha256, SharedReview>();
    for (const facts of groupBySubject(await store.facts.all())) {
      const { revocation, approval } = latestFacts(facts);
      const fact = revocation ?? approval;
      if (fact === undefined || fact.reason === BASELINE) continue;
      for (const { sha256, version } of await filesOf(fact)) {
        // One revocation of several facts about a file is enough.
        if (entries.get(sha256)?.kind === 'violation') continue;
        entries.set(sha256, {
          sha256,
          project: fact.project,
          version,
          reason: fact.reason,
          at: fact.at.toISOString(),
          ...(revocation ? { kind: 'violation' } : { kind: 'full', criteria: fact.criteria ?? UNSAID }),
        });
      }
    }
    return {
      schema: 'wheelgate.shared-reviews/1',
      publisher,
      issued: clock().toISOString(),
      expires: expires.toISOString(),
      entries: [...entries.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
    };
  }

  /** A revocation may name a release or a project: its files are those that were met here. */
  async function filesOf({
    sha256,
    project,
    version,
    kind,
  }: Fact): Promise<readonly { sha256: Sha256; version: string }[]> {
    if (sha256 !== undefined) return [{ sha256, version: version ?? '' }];
    if (kind === 'approval') return [];
    const met = await store.files.findByProject(project);
    return met
      .filter((file) => version === undefined || file.version === version)
      .map((file) => ({ sha256: file.sha256, version: file.version ?? '' }));
  }

  /**
   * Takes in a signed set: the publisher's word from now on, instead of its last one.
   * @returns the set and whether it is news; an older one than that at hand is none
   * @throws {WheelgateError} SHARED_REVIEWS_INVALID when no trusted publisher signed it, or it has expired
   */
  async function take(
    text: string,
    actor: string,
  ): Promise<{ readonly set: SharedReviewSet; readonly isNew: boolean }> {
    const set = openTrusted(text);
    const now = clock();
    if (new Date(set.expires) <= now)
      throw invalidSet(`the set of ${set.publisher} expired on ${set.expires.slice(0, 10)}`);
    const before = (await store.sharedReviews.all()).find(({ publisher }) => publisher === set.publisher);
    if (before && before.issued >= set.issued) return { set: before, isNew: false };
    const violations = set.entries.filter(({ kind }) => kind === 'violation').length;
    await store.sharedReviews.put(set, [
      {
        at: now,
        type: 'shared-reviews.imported',
        actor,
        subject: set.publisher,
        detail: { issued: set.issued, expires: set.expires, entries: set.entries.length, violations },
      },
    ]);
    return { set, isNew: true };
  }

  function openTrusted(text: string): SharedReviewSet {
    if (trusted.length === 0) throw invalidSet('nobody is trusted: wheelgate.toml has no [[trust]]');
    let failure: unknown;
    for (const { name, key, expires } of trusted) {
      try {
        const set = openSet(text, key);
        if (set.publisher !== name) throw invalidSet(`the key of ${name} signed a set of ${set.publisher}`);
        if (expires <= clock()) throw invalidSet(`the trust in ${name} ended on ${expires.toISOString().slice(0, 10)}`);
        return set;
      } catch (error) {
        if (!hasCode(error, 'SHARED_REVIEWS_INVALID')) throw error;
        // What the right key opened says more than that the others did not.
        failure = failure === undefined || !/not signed/.test(error.message) ? error : failure;
      }
    }
    throw failure;
  }

  return { collect, take };
}

function groupBySubject(facts: readonly Fact[]): Iterable<readonly Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const subject = fact.sha256 ?? `${fact.project} ${fact.version ?? ''}`;
    groups.set(subject, [...(groups.get(subject) ?? []), fact]);
  }
  return groups.values();
}
