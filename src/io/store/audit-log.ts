import { sql } from 'kysely';
import { appendToChain, type ChainCheck, type ChainHead, verifyChain } from '../../core/audit/chain.ts';
import type { AuditEvent, AuditEventInput } from '../../core/audit/event.ts';
import type { AuditLog } from '../../gate/ports.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './database.ts';
import { damaged } from './store-error.ts';
import { parseDocument, parseTime } from './stored-json.ts';
import type { Tables } from './tables.ts';
import type { WriteTransaction } from './write-queue.ts';

const BATCH = 1_000;

/** The audit log of a database. `head` is the number of its last event, 0 when there is none. */
export type StoredAuditLog = AuditLog & { verify(): Promise<ChainCheck>; head(): Promise<number> };

export function createAuditLog({ reads, write }: Database): StoredAuditLog {
  async function read({ after = 0, limit }: { after?: number; limit: number }): Promise<readonly AuditEvent[]> {
    const rows = await reads
      .selectFrom('audit_events')
      .selectAll()
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(readEvent);
  }

  async function* readAll(): AsyncGenerator<AuditEvent> {
    let after = 0;
    for (;;) {
      const events = await read({ after, limit: BATCH });
      yield* events;
      const last = events.at(-1);
      if (!last) return;
      after = last.seq;
    }
  }

  return {
    async append(events) {
      await write((tx) => appendAuditEvents(tx, events));
    },

    read,

    async serves({ sha256, project, after = 0, limit }) {
      const about = sha256 === undefined ? SERVED_PROJECT : SERVED_SHA256;
      const rows = await reads
        .selectFrom('audit_events')
        .selectAll()
        // As the indexes on it say it, or they are not used.
        .where(sql`json_extract(document, '$.type')`, '=', sql.lit('file.served'))
        .where(about, '=', sha256 ?? project ?? '')
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(readEvent);
    },
    head: async () => (await readHead(reads)).seq,

    async verify() {
      // The head first: what is appended meanwhile comes after it.
      const head = await readHead(reads);
      return verifyChain(readAll(), head);
    },
  };
}

const SERVED_SHA256 = sql<string>`json_extract(document, '$.detail.sha256')`;
const SERVED_PROJECT = sql<string>`json_extract(document, '$.detail.project')`;

function readEvent(row: Tables['audit_events']): AuditEvent {
  const { at, ...event } = parseDocument<AuditEventInput>(row.document, 'audit_events');
  const link = { seq: row.seq, previousHash: row.previous_hash, hash: row.hash };
  return { ...event, at: parseTime(at, 'audit_events'), ...link };
}

/** Chains events onto the log within a transaction that also writes what they tell about. */
export async function appendAuditEvents(tx: WriteTransaction, inputs: readonly AuditEventInput[]): Promise<void> {
  if (inputs.length === 0) return;
  const events = appendToChain(await readHead(tx), inputs);
  for await (const chunk of inChunks(events)) {
    const rows = chunk.map(({ seq, previousHash, hash, ...event }) => ({
      seq,
      document: JSON.stringify(event),
      previous_hash: previousHash,
      hash,
    }));
    await tx.insertInto('audit_events').values(rows).execute();
  }
  const { seq, hash } = events.at(-1)!;
  await tx.updateTable('audit_head').set({ seq, hash }).where('id', '=', 1).execute();
}

async function readHead(db: Database['reads']): Promise<ChainHead> {
  const head = await db.selectFrom('audit_head').select(['seq', 'hash']).where('id', '=', 1).executeTakeFirst();
  if (!head) throw damaged('The end of the audit log is not remembered any more');
  return head;
}
