import { type Kysely, sql, type Transaction } from 'kysely';
import { WheelgateError } from '../../core/errors.ts';
import type { Tables } from './tables.ts';

export type WriteTransaction = Transaction<Tables>;

/** Runs writes one after the other, each as a whole or not at all. */
export type WriteQueue = {
  /** Resolves when what `work` wrote is on the disk. `work` must not call `write`: it would wait for itself. */
  write<T>(work: (tx: WriteTransaction) => Promise<T>): Promise<T>;
  /** Finishes what was asked before; later writes are refused. */
  close(): Promise<void>;
};

type Job = {
  readonly work: (tx: WriteTransaction) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

const MAX_JOINED = 64;

/**
 * Writes that wait for each other share a transaction: a disk that takes a millisecond to make bytes durable then does so
 * once for all of them. Savepoints keep them apart, so that one that fails takes nobody along.
 */
export function createWriteQueue(writes: Kysely<Tables>): WriteQueue {
  const waiting: Job[] = [];
  let draining: Promise<void> | undefined;
  let closed = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) await commit(writes, waiting.splice(0, MAX_JOINED));
    draining = undefined;
  }

  return {
    write: <T>(work: (tx: WriteTransaction) => Promise<T>) => {
      if (closed)
        return Promise.reject(new WheelgateError('STORE_FAILED', 'The store is closed', 'Start wheelgate again.'));
      return new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
        draining ??= drain();
      });
    },
    async close() {
      closed = true;
      await draining;
    },
  };
}

async function commit(writes: Kysely<Tables>, jobs: readonly Job[]): Promise<void> {
  const outcomes: (() => void)[] = [];
  try {
    await writes.transaction().execute(async (tx) => {
      for (const job of jobs) outcomes.push(await runApart(tx, job));
    });
  } catch (error) {
    for (const { reject } of jobs) reject(error);
    return;
  }
  for (const settle of outcomes) settle();
}

async function runApart(tx: WriteTransaction, { work, resolve, reject }: Job): Promise<() => void> {
  await sql`savepoint job`.execute(tx);
  try {
    const value = await work(tx);
    await sql`release savepoint job`.execute(tx);
    return () => resolve(value);
  } catch (error) {
    try {
      await sql`rollback to savepoint job`.execute(tx);
    } catch {
      // The engine gave the whole transaction up (disk full): the first error says why.
      throw error;
    }
    return () => reject(error);
  }
}
