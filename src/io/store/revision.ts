import type { Database } from './database.ts';
import { damaged } from './store-error.ts';
import type { WriteTransaction } from './write-queue.ts';

/** Tells every process that facts or advisories are no longer what they were. */
export async function raiseRevision(tx: WriteTransaction): Promise<void> {
  await tx
    .updateTable('counters')
    .set((counter) => ({ value: counter('value', '+', 1) }))
    .where('name', '=', 'revision')
    .execute();
}

export async function readRevision(reads: Database['reads'] | WriteTransaction): Promise<number> {
  const row = await reads.selectFrom('counters').select('value').where('name', '=', 'revision').executeTakeFirst();
  if (!row) throw damaged('The revision counter is missing');
  return row.value;
}
