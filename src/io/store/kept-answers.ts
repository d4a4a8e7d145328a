import type { KeptAnswers } from '../../gate/ports.ts';
import type { Database } from './database.ts';

export function createKeptAnswers({ write }: Database): KeptAnswers {
  return {
    async begin({ slot, fingerprint, at, forgetBefore }) {
      return write(async (tx) => {
        await tx.deleteFrom('kept_answers').where('begun_at', '<', forgetBefore.toISOString()).execute();
        const row = await tx
          .selectFrom('kept_answers')
          .select(['fingerprint', 'status', 'body'])
          .where('slot', '=', slot)
          .executeTakeFirst();
        if (row) {
          const { fingerprint: before, status, body } = row;
          return { fingerprint: before, ...(status !== null && body !== null && { answer: { status, body } }) };
        }
        const fresh = { slot, fingerprint, begun_at: at.toISOString(), status: null, body: null };
        await tx.insertInto('kept_answers').values(fresh).execute();
        return undefined;
      });
    },

    async finish(slot, { status, body }) {
      await write(async (tx) => {
        await tx.updateTable('kept_answers').set({ status, body }).where('slot', '=', slot).execute();
      });
    },

    async forget(slot) {
      await write(async (tx) => {
        await tx.deleteFrom('kept_answers').where('slot', '=', slot).execute();
      });
    },
  };
}
