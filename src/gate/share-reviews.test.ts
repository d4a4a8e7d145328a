import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { aFact, daysAgo, NOW } from '../../test/builders/an-evidence.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import type { Fact } from '../core/policy/fact.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';
import type { SharedReviewSet } from '../core/shared-review/shared-review-set.ts';
import { publicKeyOf, signSet } from '../core/shared-review/sign-set.ts';
import { createShareReviews } from './share-reviews.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => parseSha256(digit.repeat(64))) as [never, never, never];
const demo = parseProjectName('demo');
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function share(store = createMemoryStore()) {
  const trusted = [{ name: 'acme', key: publicKeyOf(key), expires: daysAgo(-90) }];
  return { store, ...createShareReviews({ store, trusted, clock: () => NOW }) };
}

function releaseFact(over: Partial<Fact>): Fact {
  const { sha256: _, ...fact } = aFact(over);
  return fact;
}

test('approvals and revocations in force are shared, nothing else', async () => {
  const { store, collect } = share();
  await store.facts.append(
    [
      aFact({ id: '1', sha256: A, version: '1.0', criteria: 'safe-to-run' }),
      aFact({ id: '2', sha256: B, version: '2.0' }),
      aFact({ id: '3', sha256: B, version: '2.0', kind: 'revocation', reason: 'steals', at: NOW }),
      aFact({ id: '4', sha256: C, reason: 'baseline' }),
      releaseFact({ id: '5', kind: 'denial', version: '3.0' }),
    ],
    [],
  );
  const set = await collect('acme', daysAgo(-30));
  assert.deepEqual(
    set.entries.map((entry) => [
      entry.sha256,
      entry.version,
      entry.kind,
      entry.kind === 'full' ? entry.criteria : entry.reason,
    ]),
    [
      [A, '1.0', 'full', 'safe-to-run'],
      [B, '2.0', 'violation', 'steals'],
    ],
  );
});

test('the revocation of a release warns of its files that were met here', async () => {
  const { store, collect } = share();
  for (const [sha256, version] of [
    [A, '1.0'],
    [B, '2.0'],
  ] as const) {
    await store.files.put({
      index: 'default',
      path: `packages/${version}`,
      upstream: 'u',
      project: demo,
      version,
      sha256,
      file: { filename: `demo-${version}.tar.gz`, url: 'https://x.test/' } as never,
    });
  }
  await store.facts.append([releaseFact({ id: '1', kind: 'revocation', version: '1.0' })], []);
  assert.deepEqual(
    (await collect('acme', daysAgo(-30))).entries.map(({ sha256, kind }) => [sha256, kind]),
    [[A, 'violation']],
  );
});

function aSet(over: Partial<SharedReviewSet> = {}): SharedReviewSet {
  return {
    schema: 'wheelgate.shared-reviews/1',
    publisher: 'acme',
    issued: NOW.toISOString(),
    expires: daysAgo(-30).toISOString(),
    entries: [],
    ...over,
  };
}
const signed = (set: SharedReviewSet) => JSON.stringify(signSet(set, key));

test('the newest set of a publisher counts; an old one that is sent again changes nothing', async () => {
  const { store, take } = share();
  assert.equal((await take(signed(aSet({ issued: daysAgo(1).toISOString() })), 'cli:ada')).isNew, true);
  assert.equal((await take(signed(aSet()), 'cli:ada')).isNew, true);
  assert.equal((await take(signed(aSet({ issued: daysAgo(2).toISOString() })), 'cli:ada')).isNew, false);
  assert.deepEqual(
    (await store.sharedReviews.all()).map(({ issued }) => issued),
    [NOW.toISOString()],
  );
  assert.deepEqual(
    (await store.audit.read({ limit: 10 })).map(({ type }) => type),
    ['shared-reviews.imported', 'shared-reviews.imported'],
  );
});

const REFUSED: readonly [why: string, set: SharedReviewSet, message: RegExp][] = [
  ['it has expired', aSet({ expires: NOW.toISOString() }), /expired/],
  ['it speaks for another team', aSet({ publisher: 'beta' }), /the key of acme signed a set of beta/],
];
for (const [why, set, message] of REFUSED) {
  test(`a set is refused when ${why}`, async () => {
    const { store, take } = share();
    await assert.rejects(take(signed(set), 'cli:ada'), { code: 'SHARED_REVIEWS_INVALID', message });
    assert.deepEqual(await store.sharedReviews.all(), []);
  });
}
