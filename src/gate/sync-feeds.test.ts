import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { anAdvisory } from '../../test/builders/an-advisory.ts';
import { NOW } from '../../test/builders/an-evidence.ts';
import { createMemoryExploitation } from '../../test/fakes/memory-exploitation.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import type { Feed } from '../core/advisories/feed.ts';
import { WheelgateError } from '../core/errors.ts';
import { type SyncFeedsNeeds, syncFeeds } from './sync-feeds.ts';

const ADDRESS = 'https://ann:s3cret@feeds.test/osv/all.zip?sig=s3cret';
const SHOWN = 'https://feeds.test/osv/all.zip';

function aFeed(...ids: string[]): Feed {
  async function* entries() {
    for (const id of ids) yield { kind: 'advisory', advisory: anAdvisory({ id }) } as const;
  }
  return { entries: entries(), validators: { etag: '"1"' } };
}

/** Feeds by address: a function that answers. */
function aSync(feeds: Record<string, SyncFeedsNeeds['openFeed']>) {
  const store = createMemoryStore();
  const asked: { location: string; etag: string | undefined }[] = [];
  const needs: SyncFeedsNeeds = {
    store: store.advisories,
    exploitation: createMemoryExploitation(),
    clock: () => NOW,
    async openFeed(location, validators, signal) {
      asked.push({ location, etag: validators?.etag });
      return feeds[location]!(location, validators, signal);
    },
  };
  return {
    store,
    asked,
    sync: (options: { force?: boolean; signal?: AbortSignal } = {}) =>
      syncFeeds(needs, Object.keys(feeds), { actor: 'gate', ...options }),
  };
}

test('credentials of an address reach the feed, and neither the store, the audit log nor what is shown', async () => {
  const { store, asked, sync } = aSync({ [ADDRESS]: async () => ({ kind: 'feed', feed: aFeed('PYSEC-1') }) });
  const [outcome] = await sync();
  assert.equal(asked[0]?.location, ADDRESS);
  assert.deepEqual([outcome?.kind, outcome?.location], ['imported', SHOWN]);
  const kept = JSON.stringify([await store.advisories.statuses(), await store.audit.read({ limit: 100 }), outcome]);
  assert.ok(kept.includes(SHOWN));
  assert.doesNotMatch(kept, /s3cret|ann/);
});

test('what a feed was last time is told to it, and forgotten when everything is to be read again', async () => {
  const { asked, sync } = aSync({ [ADDRESS]: async () => ({ kind: 'feed', feed: aFeed('PYSEC-1') }) });
  await sync();
  await sync();
  await sync({ force: true });
  assert.deepEqual(
    asked.map(({ etag }) => etag),
    [undefined, '"1"', undefined],
  );
});

test('a feed that fails leaves what it brought before, and the other feeds, in force', async () => {
  const down = new WheelgateError('FEED_UNREACHABLE', 'The advisory feed did not answer.', 'Check it.');
  let isDown = false;
  const { store, sync } = aSync({
    '/a.zip': async () => {
      if (isDown) throw down;
      return { kind: 'feed', feed: aFeed('PYSEC-1') };
    },
    '/b.zip': async () => ({ kind: 'feed', feed: aFeed('PYSEC-2') }),
    '/c.zip': async () => ({ kind: 'not-modified' }),
  });
  await sync();
  isDown = true;
  const outcomes = await sync();
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['failed', 'imported', 'not-modified'],
  );
  const inForce = await store.advisories.findByProject(anAdvisory().affected[0]!.project);
  assert.deepEqual(inForce.map(({ id }) => id).sort(), ['PYSEC-1', 'PYSEC-2']);
});

test('a feed that breaks off in the middle changes nothing', async () => {
  let isBroken = false;
  const { store, sync } = aSync({
    '/a.zip': async () => {
      if (!isBroken) return { kind: 'feed', feed: aFeed('PYSEC-1', 'PYSEC-2') };
      async function* entries() {
        yield { kind: 'advisory', advisory: anAdvisory({ id: 'PYSEC-3' }) } as const;
        throw new WheelgateError('FEED_INVALID', 'The zip file is cut short.', 'Fetch it again.');
      }
      return { kind: 'feed', feed: { entries: entries(), validators: {} } };
    },
  });
  await sync();
  isBroken = true;
  assert.equal((await sync())[0]?.kind, 'failed');
  const ids = (await store.advisories.findBySource('/a.zip')).map(({ id }) => id);
  assert.deepEqual(ids.sort(), ['PYSEC-1', 'PYSEC-2']);
});

test('an end that is asked for breaks off the feed that hangs, and leaves out those behind it', async () => {
  const { asked, sync } = aSync({
    '/a.zip': (_, __, signal) =>
      new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason));
      }),
    '/b.zip': async () => ({ kind: 'feed', feed: aFeed('PYSEC-2') }),
  });
  const ending = new AbortController();
  const syncing = sync({ signal: ending.signal });
  while (asked.length === 0) await nextTurn();
  ending.abort();
  assert.deepEqual(
    (await syncing).map(({ kind }) => kind),
    ['failed'],
  );
  assert.deepEqual(await sync({ signal: ending.signal }), []);
  assert.equal(asked.length, 1);
});
