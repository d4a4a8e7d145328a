import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Libsql from 'libsql';
import { parseProjectName } from '../../core/python/name.ts';
import { parseSha256 } from '../../core/sha256.ts';
import { openSqliteStore } from './sqlite-store.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-sqlite-'));
after(() => rm(root, { recursive: true, force: true }));

const aPath = async () => join(await mkdtemp(join(root, 'store-')), 'test.db');
const demo = parseProjectName('demo');
const sha256 = parseSha256('a'.repeat(64));
const at = new Date('2026-01-01T00:00:00Z');
const recorded = {
  index: 'default',
  sha256,
  project: demo,
  filename: 'demo-1.0.tar.gz',
  verdict: { kind: 'block', reasons: [{ rule: 'archive', effect: 'block', message: 'lies', until: at }] },
  policyRevision: 'abc',
  at,
} as const;
const event = { at, type: 'verdict.recorded', actor: 'gate', subject: 'demo', detail: {} } as const;
const aFact = (id: string) =>
  ({ id, kind: 'denial', project: demo, reason: 'r', actor: 'a', at, policyRevision: 'abc' }) as const;

test('everything is there after a restart', async () => {
  const path = await aPath();
  const before = await openSqliteStore(path);
  await before.pages.put('pypi', demo, { fetchedAt: at });
  await before.verdicts.record(recorded, event);
  await before.facts.append([aFact('a')], []);
  const revision = await before.revision();
  await before.close();
  const store = await openSqliteStore(path);
  assert.deepEqual(await store.pages.find('pypi', demo), { fetchedAt: at });
  assert.deepEqual(await store.verdicts.find('default', sha256), recorded);
  assert.deepEqual(await store.facts.all(), [aFact('a')]);
  assert.equal(await store.revision(), revision);
  assert.equal((await store.audit.verify()).ok, true);
  await store.close();
});

test('a second process sees what the first wrote, and the revision tells it to look', async () => {
  const path = await aPath();
  const server = await openSqliteStore(path);
  const cli = await openSqliteStore(path);
  const before = await server.revision();
  await cli.facts.append([aFact('a')], [event]);
  assert.ok((await server.revision()) > before);
  assert.deepEqual(await server.facts.all(), [aFact('a')]);
  await server.facts.append([aFact('b')], [event]);
  assert.deepEqual(
    (await cli.facts.all()).map(({ id }) => id),
    ['a', 'b'],
  );
  const [first, second] = await cli.audit.read({ limit: 5 });
  assert.equal(second?.previousHash, first?.hash);
  await Promise.all([server.close(), cli.close()]);
});

for (const [why, sql, read] of [
  ['a verdict of no known kind', `update verdicts set document = replace(document, '"block"', '"allowed"')`, 'verdict'],
  ['a verdict cut short', `update verdicts set document = substr(document, 1, 40)`, 'verdict'],
  ['a verdict at no time', `update verdicts set document = replace(document, '"at":"2026', '"at":"when')`, 'verdict'],
  ['a page that is not gzip', `update pages set body = x'00ff'`, 'page'],
  ['a lost revision', 'delete from counters', 'revision'],
] as const) {
  test(`content that nobody wrote is an error, never a good answer: ${why}`, async () => {
    const path = await aPath();
    const store = await openSqliteStore(path);
    await store.verdicts.record(recorded, event);
    await store.pages.put('pypi', demo, {
      page: { project: demo, status: 'active', problems: [], files: [] },
      fetchedAt: at,
    });
    const intruder = new Libsql(path);
    intruder.exec(sql);
    intruder.close();
    const reads = {
      verdict: () => store.verdicts.find('default', sha256),
      page: () => store.pages.find('pypi', demo),
      revision: () => store.revision(),
    };
    await assert.rejects(reads[read](), { code: 'STORE_FAILED', help: /backup/ });
    await store.close();
  });
}
