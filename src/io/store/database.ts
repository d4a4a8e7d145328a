import { Kysely } from 'kysely';
import Libsql from 'libsql';
import { WheelgateError } from '../../core/errors.ts';
import { libsqlDialect } from './libsql-dialect.ts';
import { migrate } from './migrate.ts';
import { ALL_MIGRATIONS } from './migrations/all-migrations.ts';
import type { Migration } from './migrations/migration.ts';
import { openingError, storeError } from './store-error.ts';
import type { Tables } from './tables.ts';
import { createWriteQueue, type WriteQueue } from './write-queue.ts';

/** An open database, whatever its engine. */
export type Database = {
  /** Sees what was committed before a query began, also while a write is under way. */
  readonly reads: Kysely<Tables>;
  readonly write: WriteQueue['write'];
  /** What the engine finds wrong with its own files, one line each; reads everything. */
  findDamage(): readonly string[];
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** How long a write waits for one of another process. */
  readonly patienceMs?: number;
  readonly migrations?: readonly Migration[];
};

/** A feed import of a CLI beside the server takes some seconds. */
const PATIENCE_MS = 30_000;

/**
 * Opens or creates a SQLite database: WAL, every commit on the disk before it counts. One connection writes and one reads,
 * so that a long write does not stop the readers of its own process.
 * @throws {WheelgateError} STORE_FAILED, DISK_FULL
 */
export function openSqliteDatabase(path: string, options: DatabaseOptions = {}): Database {
  const { patienceMs = PATIENCE_MS, migrations = ALL_MIGRATIONS } = options;
  const connections: Libsql.Database[] = [];
  try {
    const writer = openWriter(path, patienceMs);
    connections.push(writer);
    migrate(writer, migrations, new Date());
    // From here on the driver waits for locks, and lets other work go on meanwhile.
    writer.pragma('busy_timeout = 0');
    const reader = openReader(path, patienceMs);
    connections.push(reader);
    return assemble(writer, reader, patienceMs);
  } catch (error) {
    for (const connection of connections) connection.close();
    throw openingError(error);
  }
}

function assemble(writer: Libsql.Database, reader: Libsql.Database, patienceMs: number): Database {
  const reads = new Kysely<Tables>({ dialect: libsqlDialect(reader, patienceMs) });
  const writes = new Kysely<Tables>({ dialect: libsqlDialect(writer, patienceMs) });
  const queue = createWriteQueue(writes);
  return {
    reads,
    write: queue.write,
    findDamage() {
      try {
        const lines = reader.pragma('quick_check(20)') as { quick_check: string }[];
        return lines.map((line) => line.quick_check).filter((line) => line !== 'ok');
      } catch (error) {
        return [storeError(error).message];
      }
    },
    async close() {
      await queue.close();
      if (!writer.open) return;
      await reads.destroy();
      await writes.destroy();
      reader.close();
      try {
        // Leaves one whole file behind. Another process that still reads does it at its own end.
        writer.pragma('wal_checkpoint(truncate)');
      } catch {
        // The write-ahead log stays and is read at the next start.
      }
      writer.close();
    },
  };
}

function openWriter(path: string, patienceMs: number): Libsql.Database {
  const writer = new Libsql(path);
  writer.pragma(`busy_timeout = ${patienceMs}`);
  if (switchToWal(writer, patienceMs) !== 'wal') {
    writer.close();
    throw new WheelgateError(
      'STORE_FAILED',
      'The disk of the data folder does not let several processes share a database',
      'Put the data folder on a local disk; network file systems often lack the locks that SQLite needs.',
    );
  }
  writer.pragma('synchronous = full');
  writer.pragma('foreign_keys = on');
  return writer;
}

/** Pause between two tries to switch, in milliseconds. */
const RETRY_WAL_MS = 20;

/**
 * SQLite does not wait for a lock to change the journal, whatever `busy_timeout` says: of processes that create one
 * database at once, all but one would fail.
 * @returns the mode that the database has now
 */
function switchToWal(writer: Libsql.Database, patienceMs: number): string | undefined {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      const [mode] = writer.pragma('journal_mode = wal') as { journal_mode: string }[];
      return mode?.journal_mode;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || Date.now() >= until) throw error;
      // Nothing else goes on yet in a process that opens its database.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_WAL_MS);
    }
  }
}

function openReader(path: string, patienceMs: number): Libsql.Database {
  const reader = new Libsql(path);
  reader.pragma(`busy_timeout = ${patienceMs}`);
  reader.pragma('query_only = on');
  return reader;
}
