import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aFact, DIGEST, NOW } from '../../test/builders/an-evidence.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import { parsePolicy } from '../core/policy/policy.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';
import type { SharedReviewSet } from '../core/shared-review/shared-review-set.ts';
import { loadKnowledge } from './knowledge.ts';
import type { ServedIndex } from './served-index.ts';

const demo = parseProjectName('demo');

function anIndex(name = 'default', policy = ''): ServedIndex {
  return { name, upstreams: [], policy: () => parsePolicy(policy) };
}

async function record(store: ReturnType<typeof createMemoryStore>, project: string, kind: 'allow' | 'block') {
  const row = {
    index: 'default',
    sha256: DIGEST,
    project: parseProjectName(project),
    filename: 'x',
    policyRevision: '',
  };
  const verdict = { kind, reasons: [] };
  await store.verdicts.record({ ...row, verdict, at: NOW }, event('verdict.recorded'));
}

const event = (type: 'verdict.recorded') => ({ at: NOW, type, actor: 'gate', subject: '', detail: {} });

test('what another process wrote is known after the next look, and raises the revision', async () => {
  const store = createMemoryStore();
  const knowledge = await loadKnowledge({ store, indexes: [anIndex()], topProjects: [] });
  const before = knowledge.revision();
  await store.facts.append([aFact({ kind: 'denial' })], []);
  assert.deepEqual(knowledge.factsFor({ index: 'default', project: demo, sha256: DIGEST }), []);
  assert.equal(await knowledge.refresh(), true);
  assert.ok(knowledge.revision() > before);
  assert.equal(knowledge.factsFor({ index: 'default', project: demo, sha256: DIGEST })[0]?.kind, 'denial');
  assert.equal(await knowledge.refresh(), false);
});

for (const [why, fact, file, applies] of [
  ['its digest', {}, { sha256: DIGEST }, true],
  ['another digest', {}, { sha256: parseSha256('b'.repeat(64)) }, false],
  ['a digest that is not known yet', {}, {}, false],
  ['another index', { index: 'data' }, { sha256: DIGEST }, false],
  ['its index', { index: 'default' }, { sha256: DIGEST }, true],
] as const) {
  test(`a fact is about a file by ${why}: ${applies}`, async () => {
    const store = createMemoryStore();
    await store.facts.append([aFact(fact)], []);
    const knowledge = await loadKnowledge({ store, indexes: [anIndex()], topProjects: [] });
    assert.equal(knowledge.factsFor({ index: 'default', project: demo, ...file }).length, applies ? 1 : 0);
  });
}

test('a project is in use once something of it was allowed or approved, per index', async () => {
  const store = createMemoryStore();
  await record(store, 'demo', 'allow');
  await store.facts.append([aFact({ project: parseProjectName('other'), index: 'data' })], []);
  const knowledge = await loadKnowledge({ store, indexes: [anIndex(), anIndex('data')], topProjects: [] });
  const inUse = (index: string) =>
    ['demo', 'other', 'third'].filter((name) => knowledge.isInUse(index, parseProjectName(name)));
  assert.deepEqual([inUse('default'), inUse('data')], [['demo'], ['other']]);
  const before = knowledge.revision();
  knowledge.addInUse('default', parseProjectName('third'));
  knowledge.addInUse('default', parseProjectName('third'));
  assert.deepEqual(inUse('default'), ['demo', 'third']);
  assert.equal(knowledge.revision(), before + 1, 'only news raises the revision');
});

test('a project of which everything was refused is not in use', async () => {
  const store = createMemoryStore();
  await record(store, 'demo', 'block');
  const knowledge = await loadKnowledge({ store, indexes: [anIndex()], topProjects: [] });
  assert.equal(knowledge.isInUse('default', demo), false);
});

test("names are compared with the team's own first, then with popular ones, and popular names are nobody's typo", async () => {
  const store = createMemoryStore();
  const index = anIndex('default', '[rules.reserved-names]\nnames = ["acme-billing", "acme-*"]');
  const knowledge = await loadKnowledge({ store, indexes: [index], topProjects: ['requests', 'flask', 'flusk'] });
  const find = (name: string) => knowledge.findLookalike(index, parseProjectName(name))?.other;
  assert.deepEqual(
    [find('reqeusts'), find('acme-biling'), find('flusk'), find('quite-another')],
    ['requests', 'acme-billing', undefined, undefined],
  );
  assert.equal(find('inhouse-tol'), undefined);
  knowledge.addInUse('default', parseProjectName('inhouse-tool'));
  assert.equal(find('inhouse-tol'), 'inhouse-tool');
});

test('a store that cannot be read leaves what was known', async () => {
  const store = createMemoryStore();
  await store.facts.append([aFact({ kind: 'denial' })], []);
  const broken = { isBroken: false };
  const revision = async () => {
    if (broken.isBroken) throw new Error('gone');
    return store.revision();
  };
  const knowledge = await loadKnowledge({ store: { ...store, revision }, indexes: [anIndex()], topProjects: [] });
  broken.isBroken = true;
  await assert.rejects(knowledge.refresh(), /gone/);
  assert.equal(knowledge.factsFor({ index: 'default', project: demo, sha256: DIGEST }).length, 1);
});

test('what was caught up step by step is what a fresh look finds, and sets are read when one of them is another', async () => {
  const names = ['demo', 'other', 'third'].map((name) => parseProjectName(name));
  const digests = ['a', 'b'].map((digit) => parseSha256(digit.repeat(64)));
  const indexes = [anIndex(), anIndex('data')];
  const trusted = ['acme', 'beta'].map((name) => ({ name, expires: new Date('2027-01-01') }));
  const step = fc.oneof(
    fc.record({
      what: fc.constant('fact' as const),
      project: fc.constantFrom(...names),
      kind: fc.constantFrom('approval' as const, 'denial' as const, 'revocation' as const),
      index: fc.constantFrom(undefined, 'default', 'data'),
    }),
    fc.record({ what: fc.constant('set' as const), publisher: fc.constantFrom('acme', 'beta', 'stranger') }),
    fc.record({ what: fc.constant('verdict' as const), project: fc.constantFrom(...names), isAllowed: fc.boolean() }),
    fc.record({ what: fc.constant('look' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const store = createMemoryStore();
      const reads = { sets: 0 };
      const all = () => {
        reads.sets++;
        return store.sharedReviews.all();
      };
      const counted = {
        ...store,
        sharedReviews: { ...store.sharedReviews, all },
      };
      const knowledge = await loadKnowledge({ store: counted, indexes, topProjects: [], trusted });
      let sets = 0;
      for (const [at, one] of steps.entries()) {
        if (one.what === 'look') await Promise.all([knowledge.refresh(), knowledge.refresh()]);
        else if (one.what === 'fact') {
          const { project, kind, index } = one;
          await store.facts.append([aFact({ id: `f${at}`, project, kind, ...(index && { index }) })], []);
        } else if (one.what === 'verdict') await record(store, one.project, one.isAllowed ? 'allow' : 'block');
        else {
          sets++;
          await store.sharedReviews.put(aSet(one.publisher, at), []);
        }
      }
      await knowledge.refresh();
      // A verdict alone is no reason to look: who records it tells (addInUse).
      await store.facts.append([aFact({ id: 'last' })], []);
      await knowledge.refresh();
      const fresh = await loadKnowledge({ store, indexes, topProjects: [], trusted });
      const view = ({ factsFor, isInUse, sharedReviews, killSwitch }: typeof knowledge) => ({
        facts: names.flatMap((project) =>
          indexes.flatMap(({ name }) => digests.map((sha256) => factsFor({ index: name, project, sha256 }))),
        ),
        inUse: indexes.map(({ name }) => names.map((project) => isInUse(name, project))),
        shared: sharedReviews(),
        brake: killSwitch(),
      });
      assert.deepEqual(view(knowledge), view(fresh));
      // Two looks at once may both read it.
      assert.ok(reads.sets <= 2 * sets + 1, 'facts make nobody read the sets again');
    }),
  );
});

test('a backup that was brought back is read from its beginning', async () => {
  const store = createMemoryStore();
  const older = createMemoryStore();
  await store.facts.append([aFact({ id: 'f1', kind: 'denial' }), aFact({ id: 'f2' })], []);
  await older.facts.append([aFact({ id: 'f1', kind: 'denial' })], []);
  let facts = store.facts;
  let revision = 1;
  const switched = {
    ...store,
    revision: async () => revision,
    facts: { ...facts, after: (seq: number) => facts.after(seq) },
  };
  const knowledge = await loadKnowledge({ store: switched, indexes: [anIndex()], topProjects: [] });
  facts = older.facts;
  revision = 2;
  await knowledge.refresh();
  assert.deepEqual(
    knowledge.factsFor({ index: 'default', project: demo, sha256: DIGEST }).map(({ id }) => id),
    ['f1'],
  );
  assert.equal(knowledge.isInUse('default', demo), false);
});

/** @param day of its issue; one file, certified */
function aSet(publisher: string, day: number): SharedReviewSet {
  return {
    schema: 'wheelgate.shared-reviews/1',
    publisher,
    issued: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(),
    expires: '2027-01-01T00:00:00.000Z',
    entries: [
      {
        sha256: DIGEST,
        project: demo,
        version: `${day}`,
        reason: 'read',
        at: '2026-01-01T00:00:00.000Z',
        kind: 'full',
        criteria: 'safe-to-run',
      },
    ],
  };
}
