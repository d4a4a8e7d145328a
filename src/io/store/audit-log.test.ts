import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Libsql from 'libsql';
import type { AuditEventInput } from '../../core/audit/event.ts';
import { openSqliteStore } from './sqlite-store.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-audit-'));
after(() => rm(root, { recursive: true, force: true }));

const events: readonly AuditEventInput[] = Array.from({ length: 5 }, (_, n) => ({
  at: new Date(n),
  type: 'file.served',
  actor: 'gate',
  subject: `file ${n + 1}`,
  detail: {},
}));

const UNLOCK = `drop trigger audit_stays_update; drop trigger audit_stays_delete;
drop index audit_served_by_sha256; drop index audit_served_by_project;`;

/** A store with five events, after somebody who can write the file ran `sql` on it. */
async function tampered(sql: string) {
  const path = join(await mkdtemp(join(root, 'store-')), 'test.db');
  const store = await openSqliteStore(path);
  await store.audit.append(events);
  const intruder = new Libsql(path);
  intruder.exec(UNLOCK + sql);
  intruder.close();
  return store;
}

test('an untouched log verifies, across more events than one read takes', async () => {
  const store = await tampered('');
  assert.equal((await store.audit.verify()).ok, true);
  await store.audit.append(Array.from({ length: 2_100 }, () => events[0]!));
  const check = await store.audit.verify();
  assert.deepEqual({ ok: check.ok, seq: check.ok && check.head.seq }, { ok: true, seq: 2_105 });
  await store.close();
});

for (const [why, sql, seq, what] of [
  [
    'an edited event',
    `update audit_events set document = replace(document, 'file 3', 'file 9') where seq = 3`,
    3,
    /changed/,
  ],
  ['a removed event', 'delete from audit_events where seq = 2', 2, /missing/],
  ['a cut end', 'delete from audit_events where seq > 3', 4, /cut off/],
  ['an emptied log', 'delete from audit_events', 1, /cut off/],
  ['a forgotten end', `update audit_head set hash = '${'f'.repeat(64)}'`, 5, /recorded last/],
] as const) {
  test(`finds ${why}`, async () => {
    const store = await tampered(sql);
    const check = await store.audit.verify();
    assert.ok(!check.ok);
    assert.equal(check.seq, seq);
    assert.match(check.what, what);
    await store.close();
  });
}

test('an event that cannot be read is an error, never an intact log', async () => {
  for (const document of ['{', '{"at":"never","type":"file.served","actor":"","subject":"","detail":{}}']) {
    const store = await tampered(`update audit_events set document = '${document}' where seq = 2`);
    await assert.rejects(store.audit.verify(), { code: 'STORE_FAILED', message: /audit_events/ });
    await store.close();
  }
});

for (const table of ['audit_events', 'facts']) {
  test(`the database itself refuses to change or delete from ${table}`, async () => {
    const path = join(await mkdtemp(join(root, 'store-')), 'test.db');
    const store = await openSqliteStore(path);
    const at = new Date(0);
    const fact = { id: 'a', kind: 'denial', project: 'demo', reason: '', actor: '', at, policyRevision: '' } as const;
    await store.facts.append([fact as never], events);
    const careless = new Libsql(path);
    assert.throws(() => careless.exec(`update ${table} set seq = 99`), /only appended/);
    assert.throws(() => careless.exec(`delete from ${table}`), /only appended/);
    assert.equal((await store.facts.all()).length, 1);
    assert.equal((await store.audit.verify()).ok, true);
    await store.close();
  });
}

test('who got a file is looked up by an index, however long the log is', async () => {
  const path = join(await mkdtemp(join(root, 'store-')), 'test.db');
  const store = await openSqliteStore(path);
  const database = new Libsql(path);
  for (const key of ['sha256', 'project']) {
    const query = `select * from audit_events where json_extract(document, '$.type') = 'file.served'
      and json_extract(document, '$.detail.${key}') = ? and seq > ? order by seq limit ?`;
    const plan = database.prepare(`explain query plan ${query}`).all('x', 0, 10) as { detail: string }[];
    assert.match(plan.map(({ detail }) => detail).join(), new RegExp(`audit_served_by_${key}`));
  }
  database.close();
  await store.close();
});
