import { changed, type Outcome, type Review, type ReviewChange } from './review.ts';
import { requireOpen } from './vote.ts';

type Act = { readonly by: string; readonly at: Date };

/** One person's no is enough; who asked may say it too. @throws {WheelgateError} REVIEW_CLOSED */
export function rejectReview(review: Review, { by, at, reason }: Act & { readonly reason: string }): ReviewChange {
  requireOpen(review);
  return {
    review: changed(review, at, { state: 'rejected', outcome: { by: [by], reason, at } }),
    events: [{ type: 'review.rejected', actor: by, detail: { reason } }],
  };
}

/** The rules let its files in by themselves, or nobody offers them any more. */
export function endUnneeded(review: Review, at: Date, why: string): ReviewChange {
  requireOpen(review);
  return {
    review: changed(review, at, { state: 'unneeded', outcome: { by: ['gate'], reason: why, at } }),
    events: [{ type: 'review.unneeded', actor: 'gate', detail: { reason: why } }],
  };
}

/**
 * The person at the data folder decided by `approve`, `deny` or `revoke`: that counts as it is, and the review says so.
 * @param how approval for all files it is about, else a denial or revocation
 */
export function settleByFact(
  review: Review,
  how: 'approved' | 'rejected',
  { by, at, reason, kind }: Act & { readonly reason: string; readonly kind: string },
): ReviewChange {
  const outcome: Outcome = { by: [by], reason, at };
  const approved = how === 'approved' ? review.files.flatMap(({ sha256 }) => sha256 ?? []) : [];
  return {
    review: changed(review, at, {
      state: how,
      outcome,
      approved: how === 'approved' ? [...new Set([...review.approved, ...approved])] : [],
    }),
    events: [{ type: `review.${how}`, actor: by, detail: { reason, by: kind } }],
  };
}

/** Anybody who takes part may, whatever the state. */
export function addComment(review: Review, { by, at, text }: Act & { readonly text: string }): ReviewChange {
  return {
    review: changed(review, at, { comments: [...review.comments, { by, at, text }] }),
    events: [{ type: 'review.commented', actor: by, detail: { text } }],
  };
}

export function assignReview(
  review: Review,
  { by, at, assignees }: Act & { readonly assignees: readonly string[] },
): ReviewChange {
  return {
    review: changed(review, at, { assignees: [...new Set(assignees)] }),
    events: [{ type: 'review.assigned', actor: by, detail: { assignees } }],
  };
}

/** Notes that the `count`th reminder since it was put before people goes out; the event is what carries it to them. */
export function remind(review: Review, at: Date, count: number): ReviewChange {
  return {
    review: changed(review, at, { reminded: count }),
    events: [
      {
        type: 'review.reminder',
        actor: 'gate',
        detail: { reminder: count, waitsSince: review.waitsSince.toISOString(), assignees: review.assignees },
      },
    ],
  };
}
