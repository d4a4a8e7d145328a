import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Libsql from 'libsql';
import { migrate } from './migrate.ts';
import { ALL_MIGRATIONS } from './migrations/all-migrations.ts';
import type { Migration } from './migrations/migration.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-migrate-'));
after(() => rm(root, { recursive: true, force: true }));

const NOW = new Date('2026-01-01T00:00:00Z');
const first: Migration = {
  version: 1,
  name: 'first',
  sqlite: 'create table one (id integer); insert into one values (1);',
};
const second: Migration = { version: 2, name: 'second', sqlite: 'alter table one add column name text;' };

let count = 0;
const aDatabase = () => new Libsql(join(root, `${++count}.db`));
const rows = (db: Libsql.Database, sql: string) => db.prepare(sql).all();

test('applies every step once, in order, and remembers it', () => {
  const db = aDatabase();
  migrate(db, [first], NOW);
  migrate(db, [first], NOW);
  migrate(db, [first, second], NOW);
  migrate(db, [first, second], NOW);
  assert.deepEqual(rows(db, 'select * from one'), [{ id: 1, name: null }]);
  assert.deepEqual(rows(db, 'select version, name, applied_at from migrations'), [
    { version: 1, name: 'first', applied_at: NOW.toISOString() },
    { version: 2, name: 'second', applied_at: NOW.toISOString() },
  ]);
});

test('refuses a database of a newer program and changes nothing', () => {
  const db = aDatabase();
  migrate(db, [first, second], NOW);
  assert.throws(() => migrate(db, [first], NOW), {
    code: 'STORE_FAILED',
    message: /newer wheelgate: it has schema 2, this program knows 1/,
  });
  assert.equal(rows(db, 'select * from migrations').length, 2);
});

test('refuses a database whose schema came from other statements', () => {
  const db = aDatabase();
  migrate(db, [{ ...first, sqlite: `${first.sqlite} insert into one values (2);` }], NOW);
  assert.throws(() => migrate(db, [first, second], NOW), { code: 'STORE_FAILED', message: /step 1 \(first\)/ });
});

test('refuses the database of another program', () => {
  const db = aDatabase();
  db.exec('create table customers (id integer)');
  assert.throws(() => migrate(db, [first], NOW), { code: 'STORE_FAILED', message: /another program/ });
  assert.deepEqual(rows(db, "select name from sqlite_master where type = 'table'"), [{ name: 'customers' }]);
});

test('applies all steps or none', () => {
  const db = aDatabase();
  const broken: Migration = {
    version: 2,
    name: 'broken',
    sqlite: 'create table two (id integer); insert into nowhere values (1);',
  };
  assert.throws(() => migrate(db, [first, broken], NOW), /nowhere/);
  assert.deepEqual(rows(db, 'select name from sqlite_master'), []);
  assert.equal(db.inTransaction, false);
  migrate(db, [first, second], NOW);
  assert.equal(rows(db, 'select * from migrations').length, 2);
});

test('does not wait for a lock when there is nothing to do', () => {
  const db = aDatabase();
  migrate(db, [first], NOW);
  db.pragma('journal_mode = wal');
  const writer = new Libsql(join(root, `${count}.db`));
  writer.exec('begin immediate');
  migrate(db, [first], NOW);
  writer.exec('rollback');
});

test('the steps of this program stand in order, each with a number of its own', () => {
  const versions = ALL_MIGRATIONS.map(({ version }) => version);
  assert.deepEqual(
    versions,
    [...new Set(versions)].sort((a, b) => a - b),
  );
});

test('a step that was written beside a later one is not left out', () => {
  const db = aDatabase();
  const third: Migration = { version: 3, name: 'third', sqlite: 'create table three (id integer);' };
  migrate(db, [first, third], NOW);
  migrate(db, [first, second, third], NOW);
  assert.deepEqual(rows(db, 'select version from migrations order by version'), [
    { version: 1 },
    { version: 2 },
    { version: 3 },
  ]);
});
