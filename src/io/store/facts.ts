import type { Fact } from '../../core/policy/fact.ts';
import type { Store } from '../../gate/ports.ts';
import { appendAuditEvents } from './audit-log.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './database.ts';
import { raiseRevision } from './revision.ts';
import { parseDocument, parseTime } from './stored-json.ts';
import type { WriteTransaction } from './write-queue.ts';

/** Appends facts within a transaction that also writes what goes with them. */
export async function appendFacts(tx: WriteTransaction, facts: readonly Fact[]): Promise<void> {
  if (facts.length === 0) return;
  let seq = (await lastRow(tx))?.seq ?? 0;
  for await (const chunk of inChunks(facts)) {
    const rows = chunk.map((fact) => ({ seq: ++seq, id: fact.id, document: JSON.stringify(fact) }));
    await tx.insertInto('facts').values(rows).execute();
  }
  await raiseRevision(tx);
}

export function createFacts({ reads, write }: Database): Store['facts'] {
  return {
    async append(facts, events) {
      await write(async (tx) => {
        await appendFacts(tx, facts);
        await appendAuditEvents(tx, events);
      });
    },

    async all() {
      const rows = await reads.selectFrom('facts').select('document').orderBy('seq').execute();
      return rows.map(({ document }) => readFact(document));
    },

    async after(seq) {
      const rows = await reads
        .selectFrom('facts')
        .select(['seq', 'document'])
        .where('seq', '>', seq)
        .orderBy('seq')
        .execute();
      const end = rows.at(-1) ?? (await lastRow(reads));
      return { facts: rows.map((row) => ({ seq: row.seq, fact: readFact(row.document) })), last: end?.seq ?? 0 };
    },
  };
}

function readFact(document: string): Fact {
  const { at, ...fact } = parseDocument<Fact>(document, 'facts');
  return { ...fact, at: parseTime(at, 'facts') };
}

function lastRow(db: Database['reads'] | WriteTransaction) {
  return db.selectFrom('facts').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
}
