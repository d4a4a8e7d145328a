import type { AuditEventInput } from '../core/audit/event.ts';
import { hasCode, WheelgateError } from '../core/errors.ts';
import type { Fact } from '../core/policy/fact.ts';
import type { Review, ReviewChange, ReviewEvent } from '../core/review/review.ts';
import type { Clock, ReviewStore } from './ports.ts';
import { factEvent } from './record-fact.ts';

/** Another process, or another request, may change the same review: then the change is made again on what is there now. */
const MAX_TRIES = 5;

export type ChangeWithFacts = ReviewChange & { readonly facts?: readonly Fact[] };

/** Changes reviews, each change saved with its audit events and facts, or not at all. */
export function createChangeReview({ reviews, clock }: { readonly reviews: ReviewStore; readonly clock: Clock }) {
  async function save(before: number, { review, events, facts = [] }: ChangeWithFacts): Promise<Review> {
    await reviews.save({
      review,
      before,
      facts,
      events: [...auditEvents(review, events, clock()), ...facts.map(factEvent)],
    });
    return review;
  }

  return {
    /** @throws {WheelgateError} NOT_FOUND, CONFLICT, and what `change` throws */
    async change(id: string, change: (review: Review) => ChangeWithFacts): Promise<Review> {
      for (let tries = 1; ; tries++) {
        const review = await reviews.find(id);
        if (!review)
          throw new WheelgateError('NOT_FOUND', `there is no review ${id}`, '`wheelgate review list` shows them.');
        const next = change(review);
        if (next.review === review) return review;
        try {
          return await save(review.revision, next);
        } catch (error) {
          if (!hasCode(error, 'CONFLICT') || tries >= MAX_TRIES) throw error;
        }
      }
    },
    /** Opens a review, or changes the one of this release that is there. */
    async openOrChange(
      release: Pick<Review, 'index' | 'project' | 'version'>,
      open: () => ReviewChange | undefined,
      change: (review: Review) => ReviewChange,
    ): Promise<Review | undefined> {
      for (let tries = 1; ; tries++) {
        const review = await reviews.findByRelease(release.index, release.project, release.version);
        const next = review ? change(review) : open();
        if (next === undefined || next.review === review) return review;
        try {
          return await save(review?.revision ?? 0, next);
        } catch (error) {
          if (!hasCode(error, 'CONFLICT') || tries >= MAX_TRIES) throw error;
        }
      }
    },
  };
}

export type ChangeReview = ReturnType<typeof createChangeReview>;

function auditEvents(review: Review, events: readonly ReviewEvent[], at: Date): readonly AuditEventInput[] {
  const { id, index, project, version, state } = review;
  return events.map(({ type, actor, detail }) => ({
    at,
    type,
    actor,
    subject: `${project} ${version}`,
    detail: { review: id, index, project, version, state, ...detail },
  }));
}
