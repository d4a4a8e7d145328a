import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { aBehaviour, anEvidence, anInspection, DIGEST, daysAgo, NOW } from '../../../test/builders/an-evidence.ts';
import { decide } from '../policy/decide.ts';
import { parsePolicy } from '../policy/policy.ts';
import { parseProjectName } from '../python/name.ts';
import { parseSha256 } from '../sha256.ts';
import type { SharedReview, SharedReviewSet } from './shared-review-set.ts';
import { type Envelope, openSet, publicKeyOf, signSet } from './sign-set.ts';
import { collectSharedReviews, type Testimony, testimonyOf } from './testimony.ts';

const pem = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const OURS = pem();
const OTHER = parseSha256('b'.repeat(64));

function anEntry(over: Partial<SharedReview> = {}): SharedReview {
  return {
    sha256: DIGEST,
    project: parseProjectName('demo'),
    version: '1.0.0',
    reason: 'read it',
    at: NOW.toISOString(),
    kind: 'full',
    criteria: 'safe-to-deploy',
    ...over,
  } as SharedReview;
}

function aSet(
  publisher: string,
  entries: readonly SharedReview[] = [anEntry()],
  expires = daysAgo(-30),
): SharedReviewSet {
  return {
    schema: 'wheelgate.shared-reviews/1',
    publisher,
    issued: NOW.toISOString(),
    expires: expires.toISOString(),
    entries: [...entries],
  };
}

test('a signed set opens with the right key, and is what was signed', () => {
  const set = aSet('acme', [anEntry(), anEntry({ sha256: OTHER, kind: 'delta', from: DIGEST } as never)]);
  assert.deepEqual(openSet(JSON.stringify(signSet(set, OURS)), publicKeyOf(OURS)), JSON.parse(JSON.stringify(set)));
});

test('no changed byte of a signed set opens', () => {
  const envelope = signSet(aSet('acme'), OURS);
  const payload = Buffer.from(envelope.payload, 'base64');
  fc.assert(
    fc.property(fc.nat(payload.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(payload);
      changed[at]! ^= flip;
      const forged: Envelope = { ...envelope, payload: changed.toString('base64') };
      assert.throws(() => openSet(JSON.stringify(forged), publicKeyOf(OURS)), { code: 'SHARED_REVIEWS_INVALID' });
    }),
    { numRuns: 50 },
  );
});

const envelope = signSet(aSet('acme'), OURS);
const BROKEN: readonly [why: string, text: string][] = [
  ['another key', JSON.stringify(signSet(aSet('acme'), pem()))],
  ['no JSON', 'acme'],
  ['no envelope', JSON.stringify(aSet('acme'))],
  ['another kind of payload', JSON.stringify({ ...envelope, payloadType: 'text/plain' })],
  ['no signature', JSON.stringify({ ...envelope, signatures: [] })],
  ['an empty signature', JSON.stringify({ ...envelope, signatures: [{ sig: '' }] })],
  ['a signed set that is none', JSON.stringify(signSet({ ...aSet('acme'), expires: 'soon' }, OURS))],
  [
    'a signed entry that is none',
    JSON.stringify(signSet(aSet('acme', [{ ...anEntry(), kind: 'delta' } as never]), OURS)),
  ],
];
for (const [why, text] of BROKEN) {
  test(`a set is refused: ${why}`, () => {
    assert.throws(() => openSet(text, publicKeyOf(OURS)), { code: 'SHARED_REVIEWS_INVALID' });
  });
}

test('what is no Ed25519 key is refused, and the message does not quote it', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  for (const key of [rsa, 'secret nonsense']) {
    assert.throws(
      () => signSet(aSet('acme'), key),
      (error: Error) => {
        assert.match(error.message, /no Ed25519 key/);
        assert.ok(!error.message.includes(key));
        return true;
      },
    );
  }
});

const trusted = ['acme', 'beta', 'gamma'].map((name) => ({ name, expires: daysAgo(-90) }));
const approved = (sha256: string) => sha256 === OTHER;

function testimony(...sets: readonly SharedReviewSet[]): Testimony | undefined {
  return testimonyOf(collectSharedReviews(sets, trusted), DIGEST, approved, NOW);
}
const delta = (from = OTHER) => ({ ...anEntry(), kind: 'delta', from }) as SharedReview;
const violation = { ...anEntry(), kind: 'violation', reason: 'steals' } as SharedReview;

const SAID: readonly [why: string, sets: readonly SharedReviewSet[], said: Testimony | undefined][] = [
  ['nobody', [], undefined],
  ['another file', [aSet('acme', [anEntry({ sha256: OTHER })])], undefined],
  ['somebody who is not trusted', [aSet('stranger')], undefined],
  ['a set that has expired', [aSet('acme', [anEntry()], NOW)], undefined],
  ['two teams', [aSet('acme'), aSet('beta')], { full: ['acme', 'beta'], delta: [], violations: [] }],
  ['one team twice is one', [aSet('acme', [anEntry(), anEntry()])], { full: ['acme'], delta: [], violations: [] }],
  ['a delta from what is approved here', [aSet('acme', [delta()])], { full: [], delta: ['acme'], violations: [] }],
  [
    'a delta from what is not',
    [aSet('acme', [delta(parseSha256('c'.repeat(64)))])],
    { full: [], delta: [], violations: [] },
  ],
  [
    'a warning outranks the own certification',
    [aSet('acme', [anEntry(), violation]), aSet('beta')],
    { full: ['beta'], delta: [], violations: [{ publisher: 'acme', reason: 'steals' }] },
  ],
];
for (const [why, sets, said] of SAID) {
  test(`who speaks for a file: ${why}`, () => assert.deepEqual(testimony(...sets), said));
}

test('trust that has ended counts for nothing', () => {
  const reviews = collectSharedReviews([aSet('acme')], [{ name: 'acme', expires: NOW }]);
  assert.equal(testimonyOf(reviews, DIGEST, approved, NOW), undefined);
});

const strict = parsePolicy('preset = "strict"');
const newcomer = anEvidence({ project: { approvedBefore: false } });
const full = (...publishers: readonly string[]): Testimony => ({ full: publishers, delta: [], violations: [] });

const DECISIONS: readonly [
  why: string,
  testimony: Testimony | undefined,
  kind: string,
  over?: Parameters<typeof anEvidence>[0],
][] = [
  ['a stranger waits', undefined, 'hold'],
  ['one team is not enough', full('acme'), 'hold'],
  ['two teams are', full('acme', 'beta'), 'allow'],
  ['a delta says nothing about a stranger', { full: [], delta: ['acme', 'beta'], violations: [] }, 'hold'],
  [
    'a warning blocks whoever certifies',
    { full: ['acme', 'beta', 'gamma'], delta: [], violations: [{ publisher: 'delta', reason: 'x' }] },
    'block',
  ],
  [
    'nobody reviews the time away',
    full('acme', 'beta'),
    'hold',
    { file: { age: { at: daysAgo(1), source: 'upload-time' } } },
  ],
  [
    'nor what the analysis blocks',
    full('acme', 'beta'),
    'block',
    { inspection: anInspection({ behaviour: aBehaviour({ verdict: 'block', score: 1 }) }) },
  ],
  ['nor what could not be read', full('acme', 'beta'), 'hold', { inspection: anInspection({ complete: false }) }],
];
for (const [why, said, kind, over] of DECISIONS) {
  test(`shared reviews and the decision: ${why}`, () => {
    const evidence = { ...anEvidence({ ...over, project: newcomer.project }), ...(said && { testimony: said }) };
    assert.equal(decide(strict, evidence, NOW).kind, kind);
  });
}

test('a warning outranks an approval; the number of teams is a setting', () => {
  const warned: Testimony = { full: [], delta: [], violations: [{ publisher: 'acme', reason: 'x' }] };
  const approval = {
    id: 'f',
    kind: 'approval',
    project: parseProjectName('demo'),
    sha256: DIGEST,
    reason: 'read',
    actor: 'cli:ada',
    at: daysAgo(1),
    policyRevision: 'r',
  } as const;
  const verdict = decide(strict, { ...anEvidence({ facts: [approval] }), testimony: warned }, NOW);
  assert.deepEqual([verdict.kind, verdict.reasons[0]?.message], ['block', 'acme warns of this file']);
  const none = parsePolicy('preset = "strict"\n[rules.shared-reviews]\npublishers = 0');
  assert.equal(decide(none, { ...newcomer, testimony: full('acme', 'beta', 'gamma') }, NOW).kind, 'hold');
  const one = parsePolicy('preset = "strict"\n[rules.shared-reviews]\npublishers = 1');
  assert.equal(decide(one, { ...newcomer, testimony: full('acme') }, NOW).kind, 'allow');
});
