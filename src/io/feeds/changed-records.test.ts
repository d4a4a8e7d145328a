import assert from 'node:assert/strict';
import test from 'node:test';
import { anOsvRecord } from '../../../test/builders/an-advisory.ts';
import { startOsvServer } from '../../../test/fakes/fake-osv-server.ts';
import { createMemoryExploitation } from '../../../test/fakes/memory-exploitation.ts';
import { createMemoryStore } from '../../../test/fakes/memory-store.ts';
import { type SyncFeedsNeeds, syncFeeds } from '../../gate/sync-feeds.ts';
import { openFeed } from './open-feed.ts';

const DAY_MS = 86_400_000;

const aRecord = (id: string, modified: string, over: Record<string, unknown> = {}) => ({
  ...anOsvRecord({ id, modified, ...over }),
  id,
  modified,
});

/** A store that was filled from a server with a hundred records, and asks it again. */
async function aSyncedStore(t: { after(work: () => void): void }) {
  const server = await startOsvServer();
  t.after(server.close);
  const time = { at: new Date('2026-08-21T12:00:00Z') };
  const store = createMemoryStore();
  const needs: SyncFeedsNeeds = {
    store: store.advisories,
    exploitation: createMemoryExploitation(),
    clock: () => time.at,
    openFeed: (location, validators) => openFeed(location, { ...(validators && { validators }), now: time.at }),
  };
  server.put(
    ...Array.from({ length: 100 }, (_, n) =>
      aRecord(`PYSEC-2026-${n}`, `2026-08-01T00:00:${String(n % 60).padStart(2, '0')}Z`),
    ),
  );
  const sync = async () => {
    const [outcome] = await syncFeeds(needs, [server.url], { actor: 'gate' });
    return outcome!;
  };
  await sync();
  assert.deepEqual(server.takeAsked(), ['all.zip', 'modified_id.csv']);
  const ids = async () => (await store.advisories.findBySource(server.url)).map(({ id }) => id);
  return { server, store, sync, time, ids };
}

test('after the first time only what changed is fetched, and only its projects are touched', async (t) => {
  const { server, sync, ids } = await aSyncedStore(t);
  server.put(
    aRecord('MAL-2026-1', '2026-08-21T10:00:00Z'),
    aRecord('PYSEC-2026-3', '2026-08-21T11:00:00Z', { summary: 'new' }),
  );
  const outcome = await sync();
  // The newest of last time is asked again: another record may have changed in the same moment.
  assert.deepEqual(server.takeAsked(), [
    'MAL-2026-1.json',
    'PYSEC-2026-3.json',
    'PYSEC-2026-59.json',
    'modified_id.csv',
  ]);
  assert.ok(outcome.kind === 'imported');
  assert.deepEqual([outcome.result.added, outcome.result.changed, outcome.result.records], [1, 1, 101]);
  assert.deepEqual(outcome.result.touchedProjects, ['demo']);
  assert.equal((await ids()).length, 101);
  assert.equal((await sync()).kind, 'not-modified');
  assert.deepEqual(server.takeAsked(), ['modified_id.csv']);
});

test('an update that breaks off changes nothing, and the next one begins where it did', async (t) => {
  const { server, sync, ids } = await aSyncedStore(t);
  server.put(aRecord('MAL-2026-1', '2026-08-21T10:00:00Z'), aRecord('MAL-2026-2', '2026-08-21T11:00:00Z'));
  server.faults.set('MAL-2026-1.json', 503);
  assert.equal((await sync()).kind, 'failed');
  assert.equal((await ids()).length, 100);
  server.faults.clear();
  assert.equal((await sync()).kind, 'imported');
  assert.equal((await ids()).length, 102);
});

test('an update may not withdraw more than a tenth either', async (t) => {
  const { server, sync } = await aSyncedStore(t);
  const withdrawn = Array.from({ length: 11 }, (_, n) =>
    aRecord(`PYSEC-2026-${n}`, '2026-08-21T10:00:00Z', { withdrawn: '2026-08-21T10:00:00Z' }),
  );
  server.put(...withdrawn);
  const outcome = await sync();
  assert.ok(outcome.kind === 'failed');
  assert.match(String(outcome.error), /would withdraw 11 of 100 known advisories/);
});

test('a retraction within an update releases (MAL-2026-4750)', async (t) => {
  const { server, sync } = await aSyncedStore(t);
  server.put(aRecord('PYSEC-2026-3', '2026-08-21T10:00:00Z', { withdrawn: '2026-08-21T10:00:00Z' }));
  const outcome = await sync();
  assert.ok(outcome.kind === 'imported');
  assert.deepEqual(outcome.result.withdrawn, ['PYSEC-2026-3']);
});

test('a record that is broken, or is another one, leaves what was known of it', async (t) => {
  const { server, sync, ids } = await aSyncedStore(t);
  server.put(aRecord('PYSEC-2026-3', '2026-08-21T10:00:00Z'), aRecord('PYSEC-2026-4', '2026-08-21T10:00:01Z'));
  server.faults.set('PYSEC-2026-3.json', Buffer.from('{'));
  server.faults.set('PYSEC-2026-4.json', Buffer.from(JSON.stringify(aRecord('PYSEC-2026-5', '2026-08-21T10:00:01Z'))));
  const outcome = await sync();
  assert.ok(outcome.kind === 'imported');
  assert.equal(outcome.result.rejected.length, 2);
  assert.equal((await ids()).length, 100);
});

for (const [why, spoil] of [
  ['there is no list of changes', 404],
  ['the list is a page of HTML', Buffer.from('<!doctype html>')],
  ['the list is empty', Buffer.from('')],
] as const) {
  test(`everything is read when ${why}`, async (t) => {
    const { server, sync, ids } = await aSyncedStore(t);
    server.put(aRecord('MAL-2026-1', '2026-08-21T10:00:00Z'));
    server.faults.set('modified_id.csv', spoil);
    assert.equal((await sync()).kind, 'imported');
    assert.deepEqual(server.takeAsked(), ['all.zip', 'modified_id.csv']);
    assert.equal((await ids()).length, 101);
  });
}

test('everything is read once a week, which finds what vanished without a word', async (t) => {
  const { server, sync, time, ids } = await aSyncedStore(t);
  server.remove('PYSEC-2026-3');
  await sync();
  assert.equal((await ids()).length, 100, 'no list names it');
  time.at = new Date(time.at.getTime() + 7 * DAY_MS);
  server.takeAsked();
  const outcome = await sync();
  assert.deepEqual(server.takeAsked(), ['all.zip', 'modified_id.csv']);
  assert.ok(outcome.kind === 'imported');
  assert.deepEqual(outcome.result.withdrawn, ['PYSEC-2026-3']);
});

test('everything is read when more changed than is worth asking for one by one', async (t) => {
  const { server, sync } = await aSyncedStore(t);
  server.put(...Array.from({ length: 1_001 }, (_, n) => aRecord(`X-${n}`, '2026-08-21T10:00:00Z')));
  assert.equal((await sync()).kind, 'imported');
  assert.deepEqual(server.takeAsked(), ['all.zip', 'modified_id.csv']);
});
