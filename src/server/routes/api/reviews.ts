import type { ReviewRecord } from '../../../api/review.ts';
import type { Identity } from '../../../core/identity/identity.ts';
import { parseProjectName } from '../../../core/python/name.ts';
import { tryParseVersion } from '../../../core/python/version.ts';
import type { Review } from '../../../core/review/review.ts';
import { peopleNeeded, saidCauses } from '../../../core/review/vote.ts';
import { parseSha256 } from '../../../core/sha256.ts';
import { type ApprovalScope, type DecideReview, requirePermission } from '../../../gate/decide-review.ts';
import type { ReviewStore } from '../../../gate/ports.ts';
import { cutPage, decodeCursor } from '../../api/cursor.ts';
import type { Handlers } from '../../api/handler.ts';

export type ReviewHandlerNeeds = {
  readonly reviews: DecideReview;
  readonly store: { readonly reviews: Pick<ReviewStore, 'list'> };
};

type Names =
  | 'listReviews'
  | 'readReview'
  | 'requestReview'
  | 'approveReview'
  | 'rejectReview'
  | 'reopenReview'
  | 'commentReview'
  | 'assignReview';

export function reviewHandlers({ reviews, store }: ReviewHandlerNeeds): Pick<Handlers, Names> {
  return {
    async listReviews({ query: { limit, cursor, state, project, index } }, { identity }) {
      if (index !== undefined) requirePermission(identity, 'read-reviews', index);
      const before = decodeCursor(cursor, 2);
      const found = await store.reviews.list({
        limit: limit + 1,
        ...(state && { state }),
        ...(project !== undefined && { project: parseProjectName(project) }),
        ...(index === undefined ? reachOf(identity) : { index }),
        ...(before && { before: { openedAt: new Date(before[0]!), id: String(before[1]) } }),
      });
      const { rows, next } = cutPage(found, limit, ({ openedAt, id }) => [openedAt.toISOString(), id]);
      return { reviews: rows.map(reviewRecord), next };
    },

    async readReview({ params }, { identity }) {
      const review = await reviews.find(params.id);
      requirePermission(identity, 'read-reviews', review.index);
      return reviewRecord(review);
    },

    async requestReview({ body: { index, project, version, reason } }, { identity }) {
      const text = tryParseVersion(version)?.text ?? version;
      return reviewRecord(
        await reviews.request(identity, { index, project: parseProjectName(project), version: text, reason }),
      );
    },

    async approveReview({ params, body: { reason, criteria, scope } }, { identity }) {
      return reviewRecord(await reviews.approve(params.id, identity, { reason, criteria, scope: scopeOf(scope) }));
    },

    rejectReview: async ({ params, body }, { identity }) =>
      reviewRecord(await reviews.reject(params.id, identity, body.reason)),
    reopenReview: async ({ params, body }, { identity }) =>
      reviewRecord(await reviews.reopen(params.id, identity, body.reason)),
    commentReview: async ({ params, body }, { identity }) =>
      reviewRecord(await reviews.comment(params.id, identity, body.text)),
    assignReview: async ({ params, body }, { identity }) =>
      reviewRecord(await reviews.assign(params.id, identity, body.assignees)),
  };
}

/** Who reaches some indexes only sees the reviews of these. */
function reachOf({ indexes }: Identity): { readonly indexes?: readonly string[] } {
  return indexes === undefined ? {} : { indexes };
}

function scopeOf(scope: 'asked' | 'release' | { sha256: string[] } | { versions: string }): ApprovalScope {
  if (typeof scope === 'string') return { kind: scope };
  return 'sha256' in scope
    ? { kind: 'digests', sha256: scope.sha256.map(parseSha256) }
    : { kind: 'range', versions: scope.versions };
}

function reviewRecord(review: Review): ReviewRecord {
  const { outcome, dueAt, requesters, files, votes } = review;
  const waiting = files.filter(({ sha256 }) => sha256 === undefined || !review.approved.includes(sha256));
  return {
    id: review.id,
    index: review.index,
    project: review.project,
    version: review.version,
    state: review.state,
    requesters: requesters.map(({ name }) => name),
    openedAt: review.openedAt.toISOString(),
    changedAt: review.changedAt.toISOString(),
    waitsSince: review.waitsSince.toISOString(),
    assignees: [...review.assignees],
    needs: {
      people: Math.max(1, ...waiting.map(peopleNeeded)),
      because: saidCauses(waiting).split('; ').filter(Boolean),
    },
    approvers: [...new Set(votes.map(({ by }) => by))],
    dueAt: dueAt?.toISOString() ?? null,
    outcome: outcome
      ? {
          by: [...outcome.by],
          reason: outcome.reason,
          at: outcome.at.toISOString(),
          criteria: outcome.criteria ?? null,
        }
      : null,
    files: files.map(({ filename, sha256, verdict, reasons }) => ({
      filename,
      sha256: sha256 ?? null,
      verdict,
      approved: sha256 !== undefined && review.approved.includes(sha256),
      reasons: [...reasons],
    })),
    requests: requesters.map(({ name, consumer, reason, firstAt, lastAt, times }) => ({
      name,
      consumer: consumer ?? null,
      reason: reason ?? null,
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
      times,
    })),
    comments: review.comments.map(({ by, at, text }) => ({ by, at: at.toISOString(), text })),
  };
}
