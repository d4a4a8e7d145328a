import { createHash } from 'node:crypto';
import type Libsql from 'libsql';
import { WheelgateError } from '../../core/errors.ts';
import type { Migration } from './migrations/migration.ts';
import { damaged } from './store-error.ts';

const CREATE_LEDGER = `create table if not exists migrations (
  version integer primary key,
  name text not null,
  sha256 text not null,
  applied_at text not null
)`;

type Applied = { version: number; name: string; sha256: string };

/**
 * Brings a database to the newest schema, all steps in one transaction. Processes that start at once take turns; a database
 * that is up to date is not locked.
 * @throws {WheelgateError} STORE_FAILED when a newer program or another program wrote the database
 */
export function migrate(connection: Libsql.Database, migrations: readonly Migration[], now: Date): void {
  if (findPending(connection, migrations).length === 0) return;
  connection.exec('begin immediate');
  try {
    // Again: another process may have done it while this one waited for the lock.
    for (const { version, name, sqlite } of findPending(connection, migrations)) {
      connection.exec(CREATE_LEDGER);
      connection.exec(sqlite);
      connection
        .prepare('insert into migrations (version, name, sha256, applied_at) values (?, ?, ?, ?)')
        .run(version, name, digest(sqlite), now.toISOString());
    }
    connection.exec('commit');
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
}

function findPending(connection: Libsql.Database, migrations: readonly Migration[]): readonly Migration[] {
  const applied = readLedger(connection);
  for (const { version, name, sha256 } of applied) {
    const known = migrations.find((migration) => migration.version === version);
    if (!known) {
      throw new WheelgateError(
        'STORE_FAILED',
        `The database was written by a newer wheelgate: it has schema ${applied.length}, this program knows ${migrations.length}`,
        'Install the newer wheelgate again, or restore the backup of the data folder from before the update.',
      );
    }
    if (digest(known.sqlite) !== sha256) {
      throw damaged(`Schema step ${version} (${name}) of the database is not the one that this program has`);
    }
  }
  const there = new Set(applied.map(({ version }) => version));
  return migrations.filter(({ version }) => !there.has(version));
}

function readLedger(connection: Libsql.Database): readonly Applied[] {
  const tables = connection.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  if (tables.some(({ name }) => name === 'migrations')) {
    return connection.prepare('select version, name, sha256 from migrations order by version').all() as Applied[];
  }
  if (tables.length === 0) return [];
  throw new WheelgateError(
    'STORE_FAILED',
    'The database file belongs to another program',
    'Give wheelgate a data folder of its own.',
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
