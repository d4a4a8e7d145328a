import { WheelgateError } from '../../core/errors.ts';
import type { SharedReviewSet } from '../../core/shared-review/shared-review-set.ts';
import type { Store } from '../../gate/ports.ts';
import { appendAuditEvents } from './audit-log.ts';
import type { Database } from './database.ts';
import { raiseRevision } from './revision.ts';
import { packDocument, unpackDocument } from './stored-json.ts';

export function createSharedReviews({ reads, write }: Database): Store['sharedReviews'] {
  return {
    async all() {
      const rows = await reads.selectFrom('shared_review_sets').select('body').orderBy('publisher').execute();
      const sets = rows.map(({ body }) => unpackDocument<SharedReviewSet>(body, 'shared_review_sets'));
      return (await Promise.all(sets)) as readonly SharedReviewSet[];
    },

    async issues() {
      return reads.selectFrom('shared_review_sets').select(['publisher', 'issued']).orderBy('publisher').execute();
    },

    async put(set, events) {
      const { publisher, issued } = set;
      const content = { issued, body: await packDocument(set) };
      await write(async (tx) => {
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('shared_review_sets')
          .values({ publisher, ...content })
          .onConflict((conflict) =>
            conflict.column('publisher').doUpdateSet(content).where('shared_review_sets.issued', '<', issued),
          )
          .executeTakeFirstOrThrow();
        if (numInsertedOrUpdatedRows !== 1n) {
          throw new WheelgateError(
            'CONFLICT',
            `a set of ${publisher} as new as this one is there already`,
            'Nothing has to be done.',
          );
        }
        await appendAuditEvents(tx, events);
        await raiseRevision(tx);
      });
    },
  };
}
