import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate, type GateOver } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { anAdvisory } from '../../test/builders/an-advisory.ts';
import { anInspection, DIGEST, daysAgo } from '../../test/builders/an-evidence.ts';
import type { Identity, Role } from '../core/identity/identity.ts';
import { parseProjectName } from '../core/python/name.ts';
import type { Approval } from './decide-review.ts';

const who = (name: string, ...roles: readonly Role[]): Identity => ({ kind: 'user', name: `user:${name}`, roles });
const bob = who('bob', 'reviewer');
const cy = who('cy', 'reviewer');
const sec = who('sec', 'security');
const asked = (over: Partial<Approval> = {}): Approval => ({
  scope: { kind: 'asked' },
  criteria: 'safe-to-run',
  reason: 'read it',
  ...over,
});
const demo = parseProjectName('demo');

/** A strict gate that refuses the one wheel of a project that nobody had before, asked for by ana. */
async function aRefusal(over: GateOver & { files?: Readonly<Record<string, string | Uint8Array>> } = {}) {
  const gate = await aGate({ policy: 'preset = "strict"', ...over });
  const file = gate.upstream.addFile('demo', aWheelName(), aWheel(), { uploadTime: daysAgo(100) });
  const ask = (name = 'ana') => gate.serve(file, { identity: who(name, 'requester') });
  const open = async () => {
    await gate.refusedRequests.flush();
    const [review] = await gate.store.reviews.list({ limit: 1 });
    assert.ok(review);
    return review;
  };
  return { gate, file, ask, open };
}

test('a refused request opens a review, and after its approval the same request passes', async () => {
  const { gate, ask, open } = await aRefusal();
  assert.equal((await ask()).kind, 'refused');
  const review = await open();
  assert.deepEqual(
    [review.project, review.version, review.state, review.requesters.map(({ name }) => name)],
    ['demo', '1.0.0', 'open', ['user:ana']],
  );
  const approved = await gate.reviews.approve(review.id, bob, asked());
  assert.equal(approved.state, 'approved');
  assert.equal((await ask()).kind, 'file');
  const [fact] = await gate.store.facts.all();
  assert.deepEqual(
    [fact?.kind, fact?.index, fact?.review, fact?.approvers, fact?.policyRevision],
    ['approval', 'default', review.id, ['user:bob'], gate.index.policy().revision],
  );
  assert.deepEqual(gate.reviewErrors, []);
});

test('who asked does not approve, with whatever role', async () => {
  const { gate, ask, open } = await aRefusal();
  await ask('sec');
  const { id } = await open();
  await assert.rejects(gate.reviews.approve(id, sec, asked()), { code: 'REVIEW_REFUSED' });
  assert.equal((await ask()).kind, 'refused');
});

test('a token of the one who asked is the one who asked', async () => {
  const { gate, ask, open } = await aRefusal();
  await ask('bob');
  const { id } = await open();
  const token: Identity = { kind: 'token', name: 'token:x', owner: 'user:bob', roles: ['reviewer'] };
  await assert.rejects(gate.reviews.approve(id, token, asked()), { code: 'REVIEW_REFUSED' });
});

for (const [why, identity] of [
  ['a requester', who('ana', 'requester')],
  ['an admin', who('root', 'admin')],
  ['a machine', who('ci', 'reviewer', 'machine')],
  ['a reviewer of another index', { ...bob, indexes: ['ml'] }],
] as const) {
  test(`${why} approves nothing`, async () => {
    const { gate, ask, open } = await aRefusal();
    await ask('other');
    const { id } = await open();
    await assert.rejects(gate.reviews.approve(id, identity, asked()), { code: 'FORBIDDEN' });
    await assert.rejects(gate.reviews.reject(id, identity, 'no'), { code: 'FORBIDDEN' });
  });
}

test('many who ask share one review, and one who asks a hundred times is one line', async () => {
  const { gate, ask, open } = await aRefusal();
  for (let n = 0; n < 100; n++) await ask();
  await ask('dan');
  const review = await open();
  for (let n = 0; n < 100; n++) await ask();
  await gate.refusedRequests.flush();
  assert.deepEqual(
    (await open()).requesters.map(({ name, times }) => [name, times]),
    [
      ['user:ana', 100],
      ['user:dan', 1],
    ],
  );
  assert.equal((await open()).revision, review.revision, 'the same again is not written at once');
  const events = await gate.events();
  assert.equal(events.filter((event) => event.startsWith('review.')).length, 2);
});

test('a start-up hook takes two people, and votes are facts only together', async () => {
  const { gate, ask, open } = await aRefusal();
  const hook = { file: 'x.pth', sha256: DIGEST, runsCode: true };
  gate.inspector.set(aWheelName(), anInspection({ startupHooks: [hook] }));
  await ask();
  const { id } = await open();
  const first = await gate.reviews.approve(id, bob, asked());
  assert.equal(first.state, 'open');
  assert.deepEqual(first.files[0]?.causes, ['start-up-hook']);
  assert.equal((await ask()).kind, 'refused');
  await assert.rejects(gate.reviews.approve(id, bob, asked()), { code: 'REVIEW_REFUSED' });
  const second = await gate.reviews.approve(id, cy, asked());
  assert.equal(second.state, 'approved');
  assert.equal((await ask()).kind, 'file');
});

test('what a rule blocks is opened by two who may override it, and by no others', async () => {
  const { gate, ask, open } = await aRefusal({
    policy: 'preset = "strict"\n[rules.new-project]\neffect = "block"',
  });
  await ask();
  const { id } = await open();
  await assert.rejects(gate.reviews.approve(id, bob, asked()), { code: 'FORBIDDEN' });
  assert.equal((await gate.reviews.approve(id, sec, asked())).state, 'open');
  assert.equal((await gate.reviews.approve(id, who('sue', 'security'), asked())).state, 'approved');
  assert.equal((await ask()).kind, 'file');
});

test('a rejection denies the release; asking again changes nothing, new evidence opens it again', async () => {
  const { gate, ask, open } = await aRefusal();
  await ask();
  const { id } = await open();
  await gate.reviews.reject(id, bob, 'use the other one');
  const refused = await ask('dan');
  assert.equal(refused.kind === 'refused' && refused.decided.verdict.reasons[0]?.rule, 'denial');
  assert.equal((await open()).state, 'rejected');
  gate.setPolicy('preset = "strict"\n[rules.new-project]\neffect = "block"');
  await ask('eve');
  assert.equal((await open()).state, 'open');
  await assert.rejects(gate.reviews.reopen(id, bob, 'again'), { code: 'USAGE' });
});

test('after a rejection a reviewer may open it again and let it in', async () => {
  const { gate, ask, open } = await aRefusal();
  await ask();
  const { id } = await open();
  await gate.reviews.reject(id, bob, 'no');
  await gate.reviews.reopen(id, cy, 'was wrong');
  assert.equal((await gate.reviews.approve(id, cy, asked())).state, 'approved');
  assert.equal((await ask()).kind, 'file');
});

test('what is reported as malware opens no review, and nobody approves it', async () => {
  const { gate, ask } = await aRefusal();
  const advisory = anAdvisory({ id: 'MAL-1', kind: 'malware' });
  const holding = { records: 1, asOf: new Date().toISOString() };
  await gate.store.advisories.apply(
    {
      status: { source: 'mal', malware: holding, vulnerabilities: holding, importedAt: holding.asOf, validators: {} },
      put: [advisory],
      remove: [],
    },
    [],
  );
  await gate.refresh();
  assert.equal((await ask()).kind, 'refused');
  await gate.refusedRequests.flush();
  assert.deepEqual(await gate.store.reviews.list({ limit: 5 }), []);
  const request = { index: 'default', project: demo, version: '1.0.0', reason: 'please' };
  await assert.rejects(gate.reviews.request(who('ana', 'requester'), request), { code: 'REVIEW_REFUSED' });
});

test('a request by hand opens the same review; what installs needs none', async () => {
  const { gate, ask } = await aRefusal();
  const request = { index: 'default', project: demo, version: '1.0', reason: 'for the new service' };
  const review = await gate.reviews.request(who('ana', 'requester'), request);
  assert.equal(review.requesters[0]?.reason, 'for the new service');
  await ask('dan');
  await gate.refusedRequests.flush();
  const list = await gate.store.reviews.list({ limit: 5 });
  assert.deepEqual(
    list.map(({ id, requesters }) => [id, requesters.length]),
    [[review.id, 2]],
  );
  await gate.reviews.approve(review.id, bob, asked());
  await assert.rejects(gate.reviews.request(who('eve', 'requester'), request), { code: 'USAGE' });
  await assert.rejects(gate.reviews.request(who('eve', 'requester'), { ...request, version: '9' }), {
    code: 'NOT_FOUND',
  });
});

test('a release and a range are approved as they are upstream now, each file read', async () => {
  const { gate, ask, open } = await aRefusal();
  for (const version of ['1.1', '2.0']) {
    const wheel = { version };
    gate.upstream.addFile('demo', aWheelName(wheel), aWheel(wheel), { uploadTime: daysAgo(100) });
  }
  await ask();
  const { id } = await open();
  const review = await gate.reviews.approve(id, bob, asked({ scope: { kind: 'range', versions: '>=1,<2' } }));
  assert.equal(review.state, 'approved');
  assert.deepEqual(review.files.length, 1, 'the review is about what was asked for');
  const facts = await gate.store.facts.all();
  assert.deepEqual(facts.map(({ version }) => version).sort(), ['1.0.0', '1.1']);
});

test('`approve`, `deny` and `revoke` close the review that is open', async () => {
  for (const [kind, state] of [
    ['approval', 'approved'],
    ['denial', 'rejected'],
    ['revocation', 'rejected'],
  ] as const) {
    const { gate, ask, open } = await aRefusal();
    await ask();
    await open();
    const subject = { kind: 'release', project: demo, version: '1.0' } as const;
    await gate.recordFact(gate.index, { kind, subject, reason: 'known', actor: 'cli:root' });
    assert.equal((await open()).state, state);
    assert.deepEqual((await open()).outcome?.by, ['cli:root']);
  }
});

test('a denial of something else closes nothing', async () => {
  const { gate, ask, open } = await aRefusal();
  await ask();
  await open();
  const subject = { kind: 'release', project: demo, version: '2.0' } as const;
  await gate.recordFact(gate.index, { kind: 'denial', subject, reason: 'known', actor: 'cli:root' });
  assert.equal((await open()).state, 'open');
});
