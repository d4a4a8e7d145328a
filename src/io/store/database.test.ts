import assert from 'node:assert/strict';
import { chmod, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { runOnSmallDisk } from '../../../test/fakes/small-disk.ts';
import { type Database, openSqliteDatabase } from './database.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-database-'));
after(() => rm(root, { recursive: true, force: true }));

const aPath = async () => join(await mkdtemp(join(root, 'data-')), 'test.db');
const putTime = (db: Database, url: string) =>
  db.write((tx) =>
    tx.insertInto('file_times').values({ upstream: 'u', url, at: 'now', source: 'first-seen' }).execute(),
  );
const countTimes = async ({ reads }: Database) => (await reads.selectFrom('file_times').select('url').execute()).length;

test('commits reach the disk, readers do not block, references hold', async () => {
  const path = await aPath();
  const db = openSqliteDatabase(path);
  const settings = await db.write(async (tx) => {
    const mode = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(tx);
    const sync = await sql<{ synchronous: number }>`pragma synchronous`.execute(tx);
    const keys = await sql<{ foreign_keys: number }>`pragma foreign_keys`.execute(tx);
    return { ...mode.rows[0], ...sync.rows[0], ...keys.rows[0] };
  });
  assert.deepEqual(settings, { journal_mode: 'wal', synchronous: 2, foreign_keys: 1 });
  await db.close();
});

test('leaves one whole file when it is closed', async () => {
  const path = await aPath();
  const db = openSqliteDatabase(path);
  await putTime(db, 'a');
  await db.close();
  const leftovers = await Promise.all(
    (await readdir(join(path, '..')))
      .filter((name) => name.endsWith('-wal'))
      .map((name) => stat(join(path, '..', name))),
  );
  assert.equal(
    leftovers.every(({ size }) => size === 0),
    true,
  );
  await db.close();
  await assert.rejects(putTime(db, 'b'), { code: 'STORE_FAILED', message: /closed/ });
});

test('close waits for the writes that were asked before', async () => {
  const path = await aPath();
  const db = openSqliteDatabase(path);
  const writes = Promise.all(['a', 'b', 'c'].map((url) => putTime(db, url)));
  await db.close();
  await writes;
  const again = openSqliteDatabase(path);
  assert.equal(await countTimes(again), 3);
  await again.close();
});

test('readers go on during a long write and see none of it before it is whole', async () => {
  const db = openSqliteDatabase(await aPath());
  await putTime(db, 'before');
  const row = { upstream: 'u', at: 'now', source: 'first-seen' } as const;
  await db.write(async (tx) => {
    await tx
      .insertInto('file_times')
      .values({ ...row, url: 'a' })
      .execute();
    assert.equal(await countTimes(db), 1);
    await sleep(1);
    await tx
      .insertInto('file_times')
      .values({ ...row, url: 'b' })
      .execute();
    assert.equal(await countTimes(db), 1);
  });
  assert.equal(await countTimes(db), 3);
  await db.close();
});

test('waits for the write of another process without stopping its own readers', async () => {
  const path = await aPath();
  const db = openSqliteDatabase(path);
  const other = new Libsql(path);
  other.exec('begin immediate');
  const write = putTime(db, 'a');
  assert.equal(await Promise.race([write.then(() => 'written'), sleep(30, 'waiting')]), 'waiting');
  assert.equal(await countTimes(db), 0);
  other.exec('rollback');
  await write;
  assert.equal(await countTimes(db), 1);
  await db.close();
});

test('says so when another process does not finish, and writes again when it does', async () => {
  const path = await aPath();
  const db = openSqliteDatabase(path, { patienceMs: 20 });
  const other = new Libsql(path);
  other.exec('begin immediate');
  await assert.rejects(putTime(db, 'a'), { code: 'STORE_FAILED', message: /Another process/ });
  other.exec('rollback');
  await putTime(db, 'a');
  assert.equal(await countTimes(db), 1);
  await db.close();
});

test('refuses parameters that the driver would change or die of', async () => {
  const db = openSqliteDatabase(await aPath());
  for (const [why, value] of [
    ['NUL', 'a\0b'],
    ['half a character', 'a\ud800'],
  ] as const) {
    await assert.rejects(putTime(db, value), { code: 'STORE_FAILED', message: /cannot be stored/ }, why);
  }
  for (const value of [true, undefined, new Date(0), 1n]) {
    await assert.rejects(sql`select ${value}`.execute(db.reads), { code: 'STORE_FAILED' });
  }
  assert.deepEqual(await db.reads.selectFrom('file_times').select('url').where('url', '=', 'a\0b').execute(), []);
  await db.close();
});

test('a failing commit is an error of everybody in it', async () => {
  const db = openSqliteDatabase(await aPath());
  // A reference that is checked only at the commit.
  await assert.rejects(
    db.write(async (tx) => {
      await sql`pragma defer_foreign_keys = on`.execute(tx);
      await tx.insertInto('advisory_projects').values({ project: 'demo', source: 'none', id: 'none' }).execute();
    }),
    { code: 'STORE_FAILED' },
  );
  await putTime(db, 'a');
  assert.equal(await countTimes(db), 1);
  await db.close();
});

test('a file that is no database is reported as damaged, with what to do', async () => {
  const path = await aPath();
  await writeFile(path, 'not a database '.repeat(1000));
  assert.throws(() => openSqliteDatabase(path), { code: 'STORE_FAILED', message: /damaged/, help: /backup/ });
});

test('a damaged page is found, and reading it is an error', async () => {
  const path = await aPath();
  const db = openSqliteDatabase(path);
  assert.deepEqual(db.findDamage(), []);
  await Promise.all(Array.from({ length: 500 }, (_, n) => putTime(db, `${'long '.repeat(50)}${n}`)));
  await db.close();
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.alloc(40_000, 0xff), 0, 40_000, size - 60_000);
  await file.close();
  const damagedDb = openSqliteDatabase(path);
  assert.notDeepEqual(damagedDb.findDamage(), []);
  await assert.rejects(countTimes(damagedDb), { code: 'STORE_FAILED', message: /damaged/ });
  await damagedDb.close();
});

test('a folder that is not there is an error about the folder', async () => {
  assert.throws(() => openSqliteDatabase(join(root, 'nowhere', 'test.db')), {
    code: 'STORE_FAILED',
    help: /data folder/,
  });
});

test('a database that may not be written is an error about permissions', async (context) => {
  if (process.getuid?.() === 0 || process.platform === 'win32') return context.skip('root may write everything');
  const path = await aPath();
  await openSqliteDatabase(path).close();
  await chmod(path, 0o400);
  assert.throws(() => openSqliteDatabase(path), { code: 'STORE_FAILED', help: /belong to the user/ });
});

test('a full disk is DISK_FULL; what was acknowledged stays, and writing goes on when there is room', (context) => {
  const result = runOnSmallDisk(
    root,
    2048,
    `import { rm, writeFile } from 'node:fs/promises';
    import { openSqliteDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)};
    const ballast = process.env.SMALL_DISK + '/ballast';
    await writeFile(ballast, Buffer.alloc(1_000_000));
    const db = openSqliteDatabase(process.env.SMALL_DISK + '/test.db');
    let acknowledged = 0;
    const put = () => db.write((tx) => tx.insertInto('facts').values({ seq: acknowledged + 1, id: 'f' + acknowledged, document: 'x'.repeat(20_000) }).execute());
    let code;
    while (!code && acknowledged < 1000) await put().then(() => acknowledged++, (error) => { code = error.code; });
    const count = async () => (await db.reads.selectFrom('facts').select('seq').execute()).length;
    const kept = await count() === acknowledged;
    await rm(ballast);
    await put();
    const goesOn = await count() === acknowledged + 1;
    console.log(JSON.stringify({ code, some: acknowledged > 5, kept, goesOn, damage: db.findDamage() }));
    await db.close();`,
  );
  if (result === undefined) return context.skip('no small disk can be mounted here');
  assert.deepEqual(result, { code: 'DISK_FULL', some: true, kept: true, goesOn: true, damage: [] });
});

// Another process made the database: its shared memory file is gone with it.
const OPEN_AND_CLOSE = `
  const { openSqliteStore } = await import(process.env.STORE);
  await (await openSqliteStore(process.env.DATABASE)).close();
`;

for (const [why, prepare] of [
  ['without a database yet', ''],
  [
    'with a database',
    `spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', ${JSON.stringify(OPEN_AND_CLOSE)}], {
       env: { ...process.env, STORE, DATABASE: path },
     });`,
  ],
] as const) {
  test(`a start on a full disk ${why} says what to do`, (context) => {
    const script = `
      import { spawnSync } from 'node:child_process';
      import { existsSync, openSync, writeSync } from 'node:fs';
      import { join } from 'node:path';
      const STORE = ${JSON.stringify(new URL('./sqlite-store.ts', import.meta.url).href)};
      const { openSqliteStore } = await import(STORE);
      const path = join(process.env.SMALL_DISK, 'wheelgate.db');
      ${prepare}
      const isThere = existsSync(path);
      const ballast = openSync(join(process.env.SMALL_DISK, 'ballast'), 'w');
      try {
        for (;;) writeSync(ballast, Buffer.alloc(4096));
      } catch {}
      const error = await openSqliteStore(path).then(() => undefined, (error) => error);
      process.stdout.write(JSON.stringify({ isThere, code: error?.code, message: error?.message, help: error?.help }));
    `;
    const said = runOnSmallDisk(root, 1024, script) as
      | { isThere: boolean; code: string; message: string; help: string }
      | undefined;
    if (said === undefined) return context.skip('this machine mounts no disk for a test');
    assert.equal(said.isThere, prepare !== '');
    assert.equal(said.code, 'DISK_FULL');
    assert.match(said.message, /cannot be opened, because the disk of the data folder is full/);
    assert.match(said.help, /^Free at least 1 MB there/);
  });
}
