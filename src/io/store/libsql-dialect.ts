import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type Libsql from 'libsql';
import { LRUCache } from 'lru-cache';
import { WheelgateError } from '../../core/errors.ts';
import { isBusy, storeError } from './store-error.ts';

/**
 * Kysely over one libsql connection. Transactions take the write lock when they begin and wait `patienceMs` for another
 * process to give it back, without blocking this one. Nothing here keeps two transactions of this process apart: that is
 * the write queue's business. Errors are WheelgateErrors.
 */
export function libsqlDialect(database: Libsql.Database, patienceMs: number): Dialect {
  return {
    createDriver: () => new LibsqlDriver(database, patienceMs),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

class LibsqlDriver implements Driver {
  readonly #database: Libsql.Database;
  readonly #connection: LibsqlConnection;
  readonly #patienceMs: number;

  constructor(database: Libsql.Database, patienceMs: number) {
    this.#database = database;
    this.#connection = new LibsqlConnection(database);
    this.#patienceMs = patienceMs;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {}

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const deadline = performance.now() + this.#patienceMs;
    for (;;) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw error;
      }
      // Uneven pauses: two processes that wait for each other fall out of step.
      await sleep(1 + Math.random() * 9);
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite rolls back by itself when the disk is full; the first error must not give way to "no transaction".
    if (this.#database.inTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {}
}

/** Preparing costs as much as running; long statements are bulk work that hardly repeats. */
const MAX_CACHED_STATEMENTS = 200;
const MAX_CACHED_SQL_CHARS = 2_000;

class LibsqlConnection implements DatabaseConnection {
  readonly #database: Libsql.Database;
  readonly #statements = new LRUCache<string, Libsql.Statement>({ max: MAX_CACHED_STATEMENTS });

  constructor(database: Libsql.Database) {
    this.#database = database;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      const statement = this.#prepare(sql);
      const values = bindable(parameters);
      // Not `get()`, which adds a `_metadata` column.
      if (statement.reader) return { rows: statement.all(values).map(withByteArrays) as Row[] };
      return { rows: [], numAffectedRows: BigInt(statement.run(storable(values)).changes) };
    } catch (error) {
      throw storeError(error);
    }
  }

  // biome-ignore lint/correctness/useYield: required by the interface, and nothing in the store streams
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('queries are not streamed: read in batches');
  }

  #prepare(sql: string): Libsql.Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    if (sql.length <= MAX_CACHED_SQL_CHARS) this.#statements.set(sql, statement);
    return statement;
  }
}

/** libsql ends the whole process when a parameter is a boolean. */
function bindable(parameters: readonly unknown[]): readonly unknown[] {
  for (const value of parameters) {
    if (typeof value !== 'string' && typeof value !== 'number' && value !== null && !(value instanceof Uint8Array)) {
      throw new TypeError(`a query parameter is a ${typeof value}`);
    }
  }
  return parameters;
}

const UNSTORABLE = /[\0\p{Cs}]/u;

/** Text that would come back other than it went in (cut at NUL, lone surrogates replaced) never goes in. */
function storable(parameters: readonly unknown[]): readonly unknown[] {
  if (parameters.some((value) => typeof value === 'string' && UNSTORABLE.test(value))) {
    throw new WheelgateError('STORE_FAILED', 'Text with NUL or half a character cannot be stored', 'Give plain text.');
  }
  return parameters;
}

/** libsql gives blobs as ArrayBuffer, other drivers as Uint8Array. */
function withByteArrays(row: unknown): unknown {
  const columns = row as Record<string, unknown>;
  for (const name in columns) {
    const value = columns[name];
    if (value instanceof ArrayBuffer) columns[name] = new Uint8Array(value);
  }
  return columns;
}
