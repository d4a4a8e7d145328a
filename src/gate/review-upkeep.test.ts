import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { anAdvisory } from '../../test/builders/an-advisory.ts';
import { anInspection, DIGEST, daysAgo, NOW } from '../../test/builders/an-evidence.ts';
import { DAY_MS } from '../core/duration.ts';
import type { Identity, Role } from '../core/identity/identity.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';

const who = (name: string, ...roles: readonly Role[]): Identity => ({ kind: 'user', name: `user:${name}`, roles });
const sec = who('sec', 'security');
const demo = parseProjectName('demo');
const approval = { scope: { kind: 'asked' }, criteria: 'safe-to-run', reason: 'read it' } as const;

/** A gate whose one wheel of `demo` was refused to ana, because it is two days old. */
async function aRefusal(policy = '') {
  const gate = await aGate({ policy });
  const file = gate.upstream.addFile('demo', aWheelName(), aWheel(), { uploadTime: daysAgo(2) });
  const ask = (name = 'ana') => gate.serve(file, { identity: who(name, 'requester') });
  assert.equal((await ask()).kind, 'refused');
  await gate.refusedRequests.flush();
  const review = async () => (await gate.store.reviews.list({ limit: 1 }))[0]!;
  const types = async () => (await gate.events()).map((event) => event.split(' ')[0]);
  return { gate, file, ask, review, types };
}

test('a review that nobody needs any more ends by itself', async () => {
  const { gate, review } = await aRefusal();
  await gate.reviewUpkeep.run();
  assert.equal((await review()).state, 'open');
  gate.time.set(6 * DAY_MS);
  await gate.reviewUpkeep.run();
  assert.equal((await review()).state, 'unneeded');
});

test('one whose file is gone upstream ends too; an upstream that fails ends none', async () => {
  const { gate, review, file } = await aRefusal('preset = "strict"');
  gate.upstream.fail('readPage');
  gate.time.set(10 * 60_000);
  await gate.reviewUpkeep.run();
  assert.equal((await review()).state, 'open');
  gate.upstream.heal();
  gate.upstream.removeFile('demo', file.filename);
  gate.time.set(20 * 60_000);
  await gate.reviewUpkeep.run();
  assert.equal((await review()).state, 'unneeded');
});

test('reminders go out once each, and nothing unanswered is approved', async () => {
  const { gate, review, types } = await aRefusal('preset = "strict"');
  // NOW is a Monday at noon; the day ends at 17:00.
  for (const hours of [1, 3, 4, 23, 24, 24 * 30]) {
    gate.time.set(hours * 3_600_000);
    await gate.reviewUpkeep.run();
  }
  assert.equal((await types()).filter((type) => type === 'review.reminder').length, 2);
  assert.equal((await review()).state, 'open');
  assert.deepEqual(await gate.store.facts.all(), []);
});

test('an advisory that is new since the approval opens the review again, and the file stays served until then', async () => {
  const { gate, review, ask } = await aRefusal('preset = "strict"');
  await gate.reviews.approve((await review()).id, who('bob', 'reviewer'), approval);
  await gate.reviewUpkeep.lookForNews();
  assert.equal((await review()).state, 'approved');
  const holding = { records: 1, asOf: NOW.toISOString() };
  const status = { source: 'x', malware: holding, vulnerabilities: holding, importedAt: holding.asOf, validators: {} };
  await gate.store.advisories.apply({ status, put: [anAdvisory()], remove: [] }, []);
  await gate.refresh();
  await gate.reviewUpkeep.lookForNews();
  assert.equal((await review()).state, 'open');
  assert.equal((await ask()).kind, 'file');
  await gate.reviews.approve((await review()).id, who('bob', 'reviewer'), approval);
  await gate.reviewUpkeep.lookForNews();
  assert.equal((await review()).state, 'approved', 'it is known by now');
});

const asked = (over: object = {}) => ({
  rule: 'cooldown',
  project: demo,
  owner: 'user:ana',
  reason: 'needed today',
  remediation: 'ends with the cooldown',
  ...over,
});

test('an exemption lets in, warns, and ends with its time', async () => {
  const { gate, ask, types } = await aRefusal('[rules.cooldown]\nupdate = "90d"\nnew_project = "90d"');
  const made = await gate.exemptions.add(sec, asked());
  assert.equal((await ask()).kind, 'file');
  for (const days of [17, 18, 24, 29.5]) {
    gate.time.set(days * DAY_MS);
    await gate.reviewUpkeep.run();
  }
  assert.equal((await types()).filter((type) => type === 'exemption.expiring').length, 3);
  gate.time.set(30 * DAY_MS);
  assert.equal((await ask()).kind, 'refused', 'by the clock, before upkeep comes round');
  await gate.reviewUpkeep.run();
  const [ended] = await gate.exemptions.list();
  assert.deepEqual([ended?.id, ended?.ended?.by], [made.id, 'gate']);
});

test('an exemption ends when its rule has nothing against its files any more, or nobody uses it', async () => {
  const { gate, ask } = await aRefusal();
  await gate.exemptions.add(sec, asked());
  await gate.exemptions.add(sec, asked({ project: parseProjectName('unused') }));
  assert.equal((await ask()).kind, 'file');
  gate.time.set(2 * DAY_MS);
  await gate.reviewUpkeep.run();
  gate.time.set(29.9 * DAY_MS);
  await gate.reviewUpkeep.run();
  const why = async (project: string) =>
    (await gate.exemptions.list()).find((one) => one.project === project)?.ended?.why;
  assert.equal(await why('demo'), 'the rule cooldown has nothing against its files any more');
  assert.equal(await why('unused'), undefined);
  const long = await gate.exemptions.add(sec, asked({ project: parseProjectName('unused'), lastsMs: 90 * DAY_MS }));
  gate.time.set(61 * DAY_MS);
  await gate.reviewUpkeep.run();
  const ended = (await gate.exemptions.list()).find(({ id }) => id === long.id);
  assert.equal(ended?.ended?.why, 'nobody asked for a file that it covers');
});

for (const [why, identity] of [
  ['a reviewer', who('bob', 'reviewer')],
  ['an admin', who('root', 'admin')],
  ['who reaches another index only', { ...sec, indexes: ['ml'] }],
] as const) {
  test(`${why} exempts nothing`, async () => {
    const { gate } = await aRefusal();
    await assert.rejects(gate.exemptions.add(identity, asked()), { code: 'FORBIDDEN' });
  });
}

test('break-glass lets one digest in for a day, loudly, and somebody else has to look at it', async () => {
  const gate = await aGate({ policy: 'preset = "strict"' });
  const hook = { file: 'x.pth', sha256: DIGEST, runsCode: true };
  gate.inspector.set(aWheelName(), anInspection({ startupHooks: [hook] }));
  const file = gate.upstream.addFile('demo', aWheelName(), aWheel(), { uploadTime: daysAgo(1) });
  const lead = who('lead', 'incident');
  const glass = { index: 'default', sha256: parseSha256(file.sha256!), reason: 'production is down' };
  const ask = () => gate.serve(file, { identity: who('ana', 'requester') });
  await ask();
  await gate.refusedRequests.flush();
  const { id } = (await gate.store.reviews.list({ limit: 1 }))[0]!;
  await assert.rejects(gate.exemptions.breakGlass(who('bob', 'reviewer'), glass), { code: 'FORBIDDEN' });
  await assert.rejects(gate.exemptions.breakGlass(lead, { ...glass, lastsMs: 2 * DAY_MS }), { code: 'USAGE' });
  await gate.exemptions.breakGlass(lead, glass);
  assert.equal((await ask()).kind, 'file');
  await gate.reviewUpkeep.run();
  const review = await gate.reviews.find(id);
  assert.equal(review.state, 'open', 'it is due although the rules let the file in');
  assert.ok(review.dueAt);
  gate.time.set(DAY_MS + 1);
  assert.equal((await ask()).kind, 'refused');
});

test('the kill switch reminds every four hours while it is up', async () => {
  const { gate, types } = await aRefusal();
  await gate.killSwitch.move(sec, { to: 1, reason: 'incident', locked: [] });
  for (const hours of [1, 5, 6, 10]) {
    gate.time.set(hours * 3_600_000);
    await gate.reviewUpkeep.run();
  }
  assert.equal((await types()).filter((type) => type === 'kill-switch.reminder').length, 2);
});

test('what the kill switch refuses opens no review and changes no verdict on record', async () => {
  const { gate, ask, review } = await aRefusal('preset = "strict"');
  await gate.reviews.approve((await review()).id, who('bob', 'reviewer'), approval);
  assert.equal((await ask()).kind, 'file');
  await gate.killSwitch.move(sec, { to: 4, reason: 'incident', locked: [] });
  assert.equal((await ask('dan')).kind, 'refused');
  await gate.refusedRequests.flush();
  await gate.rejudge(gate.index, [demo]);
  assert.equal((await review()).state, 'approved');
  const [verdict] = await gate.store.verdicts.findByProject('default', demo);
  assert.equal(verdict?.verdict.kind, 'allow');
  await gate.killSwitch.move(sec, { to: 2, reason: 'calmer', locked: [] });
  await gate.killSwitch.move(who('sue', 'security'), { to: 2, reason: 'calmer', locked: [] });
  assert.equal((await ask()).kind, 'file', 'it was allowed before');
});
