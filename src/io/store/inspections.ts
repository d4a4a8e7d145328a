import type { Inspection } from '../../core/policy/evidence.ts';
import type { Store } from '../../gate/ports.ts';
import type { Database } from './database.ts';
import { packDocument, unpackDocument } from './stored-json.ts';

export function createInspections({ reads, write }: Database): Store['inspections'] {
  return {
    async find(sha256, engine) {
      const row = await reads
        .selectFrom('inspections')
        .select('body')
        .where('sha256', '=', sha256)
        .where('engine', '=', engine)
        .executeTakeFirst();
      return row && unpackDocument<Inspection>(row.body, 'inspections');
    },

    async put(sha256, engine, inspection) {
      const body = await packDocument(inspection);
      await write((tx) =>
        tx
          .insertInto('inspections')
          .values({ sha256, engine, body })
          .onConflict((conflict) => conflict.columns(['sha256', 'engine']).doUpdateSet({ body }))
          .execute(),
      );
    },
  };
}
