import { WheelgateError } from '../../core/errors.ts';
import { tryParseVersion, versionKey } from '../../core/python/version.ts';
import { REVIEW_STATES, type Review } from '../../core/review/review.ts';
import type { ReviewStore } from '../../gate/ports.ts';
import { appendAuditEvents } from './audit-log.ts';
import type { Database } from './database.ts';
import { appendFacts } from './facts.ts';
import { damaged } from './store-error.ts';
import { parseDocument, parseTime } from './stored-json.ts';

export function createReviews({ reads, write }: Database): ReviewStore {
  return {
    async find(id) {
      const row = await reads.selectFrom('reviews').select('document').where('id', '=', id).executeTakeFirst();
      return row && readReview(row);
    },

    async findByRelease(index, project, version) {
      const row = await reads
        .selectFrom('reviews')
        .select('document')
        .where('index_name', '=', index)
        .where('project', '=', project)
        .where('release_key', '=', releaseKey(version))
        .executeTakeFirst();
      return row && readReview(row);
    },

    async list({ state, project, index, indexes, before, limit }) {
      let query = reads.selectFrom('reviews').select('document');
      if (state !== undefined) query = query.where('state', '=', state);
      if (project !== undefined) query = query.where('project', '=', project);
      if (index !== undefined) query = query.where('index_name', '=', index);
      if (indexes !== undefined) query = query.where('index_name', 'in', [...indexes]);
      if (before !== undefined) {
        query = query.where(({ or, and, eb }) =>
          or([
            eb('opened_at', '<', before.openedAt.toISOString()),
            and([eb('opened_at', '=', before.openedAt.toISOString()), eb('id', '<', before.id)]),
          ]),
        );
      }
      const rows = await query.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(readReview);
    },

    async save({ review, before, facts, events }) {
      const { id, index, project, version, state, revision, openedAt } = review;
      const content = { state, revision, document: JSON.stringify(review) };
      await write(async (tx) => {
        const changed =
          before === 0
            ? await tx
                .insertInto('reviews')
                .values({
                  id,
                  index_name: index,
                  project,
                  release_key: releaseKey(version),
                  opened_at: openedAt.toISOString(),
                  ...content,
                })
                .onConflict((conflict) => conflict.doNothing())
                .executeTakeFirstOrThrow()
                .then(({ numInsertedOrUpdatedRows }) => numInsertedOrUpdatedRows)
            : await tx
                .updateTable('reviews')
                .set(content)
                .where('id', '=', id)
                .where('revision', '=', before)
                .executeTakeFirstOrThrow()
                .then(({ numUpdatedRows }) => numUpdatedRows);
        if (changed !== 1n) throw changedMeanwhile(id);
        await appendFacts(tx, facts);
        await appendAuditEvents(tx, events);
      });
    },
  };
}

/** `1.0` and `1.0.0` are one release. */
function releaseKey(version: string): string {
  const parsed = tryParseVersion(version);
  // The key holds characters that no column takes.
  return parsed ? Buffer.from(versionKey(parsed)).toString('base64url') : `text:${version}`;
}

function changedMeanwhile(id: string): WheelgateError {
  return new WheelgateError(
    'CONFLICT',
    `review ${id} was changed meanwhile`,
    'Look at it again, and repeat what you did.',
  );
}

function readReview({ document }: { document: string }): Review {
  const stored = parseDocument<Review>(document, 'reviews');
  if (!REVIEW_STATES.includes(stored.state)) throw damaged('A row of reviews has an unknown state');
  const time = (text: string) => parseTime(text, 'reviews');
  const { dueAt, outcome, ...rest } = stored;
  return {
    ...rest,
    openedAt: time(rest.openedAt),
    changedAt: time(rest.changedAt),
    waitsSince: time(rest.waitsSince),
    requesters: rest.requesters.map((one) => ({ ...one, firstAt: time(one.firstAt), lastAt: time(one.lastAt) })),
    votes: rest.votes.map((vote) => ({ ...vote, at: time(vote.at) })),
    comments: rest.comments.map((comment) => ({ ...comment, at: time(comment.at) })),
    ...(dueAt !== undefined && { dueAt: time(dueAt) }),
    ...(outcome && { outcome: { ...outcome, at: time(outcome.at) } }),
  } as Review;
}
