import assert from 'node:assert/strict';
import test from 'node:test';
import { anAdvisory, anAffected } from '../../test/builders/an-advisory.ts';
import type { Advisory } from '../core/advisories/advisory.ts';
import type { AdvisoryStore } from '../core/advisories/advisory-store.ts';
import { parseProjectName } from '../core/python/name.ts';
import { createMemoryAdvisoryStore } from '../io/feeds/memory-advisory-store.ts';
import { createAdvisorySource } from './advisory-source.ts';

const DEMO = parseProjectName('demo');
const CALM = parseProjectName('calm');
const WITHDRAWN = { withdrawn: '2026-01-20T00:00:00.000Z' };

async function aStore(advisories: readonly Advisory[] = [anAdvisory()]) {
  const store = createMemoryAdvisoryStore();
  const put = (put: readonly Advisory[], source = 'osv') => {
    const vulnerabilities = { records: put.length, asOf: '2026-01-02T00:00:00.000Z' };
    const status = { source, importedAt: '2026-01-05T00:00:00.000Z', validators: {}, vulnerabilities };
    return store.apply({ status, put, remove: [] }, []);
  };
  if (advisories.length > 0) await put(advisories);
  return { store, put };
}

/** A store that counts what is asked of it, and fails while `broken`. */
function watched(store: AdvisoryStore) {
  const state = { asked: [] as string[], broken: false };
  const noting =
    <Asked extends readonly unknown[], Answer>(what: string, ask: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked) => {
      state.asked.push(String(asked[0] ?? what));
      if (state.broken) throw new Error('the disk is gone');
      return ask(...asked);
    };
  const watching: AdvisoryStore = {
    ...store,
    projects: noting('projects', store.projects),
    statuses: noting('statuses', store.statuses),
    findByProject: noting('findByProject', store.findByProject),
  };
  return { state, store: watching };
}

test('matches releases of a project, one by one and by the page', async () => {
  const source = createAdvisorySource((await aStore()).store);
  assert.deepEqual(
    (await source.match(DEMO, '1.0')).map(({ id }) => id),
    ['PYSEC-2026-1'],
  );
  const match = await source.matcher(DEMO);
  assert.deepEqual([match('1.0').length, match('2.0').length, match('not a version').length], [1, 0, 1]);
});

test('knows nothing without data, and says so', async () => {
  const source = createAdvisorySource((await aStore([])).store);
  assert.equal(await source.dataAsOf(), undefined);
  assert.deepEqual(await source.match(DEMO, '1.0'), []);
});

test('tells how old the data is', async () => {
  const source = createAdvisorySource((await aStore()).store);
  assert.equal((await source.dataAsOf())?.toISOString(), '2026-01-02T00:00:00.000Z');
});

test('asks the store once, and not at all about projects without advisories', async () => {
  const { state, store } = watched((await aStore()).store);
  const source = createAdvisorySource(store);
  await Promise.all([source.match(DEMO, '1.0'), source.match(DEMO, '1.1'), source.match(CALM, '1.0')]);
  for (const _ of [1, 2]) await Promise.all([source.matcher(DEMO), source.matcher(CALM), source.dataAsOf()]);
  assert.deepEqual(state.asked.sort(), ['demo', 'projects', 'statuses']);
});

test('holds no more projects than it may', async () => {
  const advisories = [anAdvisory({ affected: [anAffected(), anAffected({ project: CALM })] })];
  const { state, store } = watched((await aStore(advisories)).store);
  const source = createAdvisorySource(store, { maxProjects: 1 });
  for (const project of [DEMO, CALM, DEMO]) assert.equal((await source.match(project, '1.0')).length, 1);
  assert.deepEqual(state.asked, ['projects', 'demo', 'calm', 'demo']);
});

test('sees a change after forget', async () => {
  const { store, put } = await aStore();
  const source = createAdvisorySource(store);
  assert.equal((await source.match(DEMO, '1.0')).length, 1);
  await put([anAdvisory(WITHDRAWN)]);
  assert.equal((await source.match(DEMO, '1.0')).length, 1, 'from memory');
  source.forget();
  assert.deepEqual(await source.match(DEMO, '1.0'), []);
});

test('sees a change of another process by the revision', async () => {
  const { store, put } = await aStore([]);
  let revision = 1;
  const source = createAdvisorySource(store, { revision: async () => revision });
  assert.deepEqual(await source.match(DEMO, '1.0'), []);
  await put([anAdvisory()]);
  revision = 2;
  assert.equal((await source.match(DEMO, '1.0')).length, 1);
  assert.ok(await source.dataAsOf());
});

test('a look-up that began before a change does not outlive it', async () => {
  const { store, put } = await aStore();
  let release = () => {};
  const blocked = new Promise<void>((resolve) => {
    release = resolve;
  });
  let calls = 0;
  const slow: AdvisoryStore = {
    ...store,
    async findByProject(project) {
      const found = await store.findByProject(project);
      if (calls++ === 0) await blocked;
      return found;
    },
  };
  const source = createAdvisorySource(slow);
  const early = source.match(DEMO, '1.0');
  // The early look-up must have read its rows before they change.
  await new Promise((resolve) => setImmediate(resolve));
  await put([anAdvisory(WITHDRAWN)]);
  source.forget();
  release();
  assert.equal((await early).length, 1);
  assert.deepEqual(await source.match(DEMO, '1.0'), []);
});

test('a failure is told, and not remembered', async () => {
  const { state, store } = watched((await aStore()).store);
  const source = createAdvisorySource(store);
  state.broken = true;
  for (const ask of [() => source.match(DEMO, '1.0'), () => source.matcher(CALM), () => source.dataAsOf()]) {
    await assert.rejects(ask(), /disk is gone/);
  }
  state.broken = false;
  assert.equal((await source.match(DEMO, '1.0')).length, 1);
  assert.ok(await source.dataAsOf());
});

test('of equally new copies the one that still holds counts, wherever it is', async () => {
  for (const [first, second] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const { store, put } = await aStore([]);
    await put([anAdvisory(WITHDRAWN)], first);
    await put([anAdvisory()], second);
    assert.equal((await createAdvisorySource(store).match(DEMO, '1.0')).length, 1);
  }
});

test('a newer retraction in a feed releases what the snapshot holds', async () => {
  const { store, put } = await aStore([]);
  await put([anAdvisory()], 'snapshot');
  await put([anAdvisory({ ...WITHDRAWN, modified: '2026-01-20T00:00:00.000Z' })], 'osv');
  assert.deepEqual(await createAdvisorySource(store).match(DEMO, '1.0'), []);
});

test('what EPSS and KEV say is part of a match, and asked again after a change', async () => {
  const { store } = await aStore([anAdvisory({ aliases: ['CVE-2026-0001'] })]);
  const kev = { since: '2026-02-03', ransomware: false };
  const known = new Map<string, { readonly kev: typeof kev }>();
  const asked: (readonly string[])[] = [];
  const source = createAdvisorySource(store, {
    exploitation: {
      async find(cves) {
        asked.push(cves);
        return new Map(known);
      },
    },
  });
  assert.equal((await source.match(DEMO, '1.0'))[0]?.exploitation, undefined);
  assert.deepEqual(await source.match(CALM, '1.0'), []);
  known.set('CVE-2026-0001', { kev });
  source.forget();
  assert.deepEqual((await source.match(DEMO, '1.0'))[0]?.exploitation, { kev });
  assert.deepEqual(asked, [['CVE-2026-0001'], ['CVE-2026-0001']], 'only what has advisories is asked for');
});
