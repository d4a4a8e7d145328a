import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { anExemption, anInspection, daysAgo } from '../../test/builders/an-evidence.ts';
import type { Identity } from '../core/identity/identity.ts';
import type { Exemption } from '../core/policy/exemption.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';

const demo = parseProjectName('demo');
const who = (name: string, consumer?: string): Identity => ({
  kind: 'token',
  name,
  roles: ['machine'],
  ...(consumer !== undefined && { consumer }),
});
const web = who('token:ci-web', 'web');

/** A release of yesterday, held by the cooldown, and an exemption from it for one consumer. */
async function aHold(over: Partial<Exemption> = {}) {
  const gate = await aGate();
  const file = gate.upstream.addFile('demo', aWheelName(), aWheel(), { uploadTime: daysAgo(1) });
  await gate.store.exemptions.save(anExemption({ consumer: 'web', ...over }), []);
  await gate.refresh();
  return { gate, file, ask: (identity: Identity) => gate.serve(file, { identity }) };
}

for (const [why, consumer, identity, served] of [
  ['its consumer', 'web', web, true],
  ['another consumer', 'web', who('token:ci-web', 'ml'), false],
  ['a token of no consumer', 'web', who('token:web'), false],
  ['its token', 'token:ci-web', who('token:ci-web'), true],
  ['another token of the consumer', 'token:ci-web', who('token:laptop', 'web'), false],
  ['its CI project', 'ci:github:acme/web', { ...who('ci:github:acme/web', 'acme/web'), kind: 'ci' as const }, true],
  ['nobody known', 'web', { kind: 'anonymous' as const, name: 'anonymous:web', roles: [] }, false],
] as const) {
  test(`an exemption for ${consumer} asked by ${why}: ${served}`, async () => {
    const { ask } = await aHold({ consumer });
    assert.equal((await ask(identity)).kind, served ? 'file' : 'refused');
  });
}

test('what it serves is no verdict of the index, and no cache in between may keep it', async () => {
  const { gate, ask } = await aHold();
  const before = await gate.page('demo');
  const answer = await ask(web);
  assert.equal(answer.kind === 'file' && answer.isPrivate, true);
  const recorded = await gate.store.verdicts.findByProject('default', demo);
  assert.deepEqual(
    recorded.map(({ verdict }) => verdict.kind),
    ['hold'],
  );
  assert.equal(gate.knowledge.isInUse('default', demo), false);
  assert.equal((await ask(who('token:ml', 'ml'))).kind, 'refused', 'the next one is refused as before');
  assert.equal(await gate.page('demo'), before);
  await gate.audit.flush();
  const events = await gate.store.audit.read({ limit: 100 });
  const served = events.find(({ type }) => type === 'file.served');
  assert.deepEqual(
    [served?.actor, served?.detail.consumer, served?.detail.exemptions],
    ['token:ci-web', 'web', ['x1']],
  );
});

test('it opens its one rule alone, and bytes that were read', async () => {
  const { gate, file, ask } = await aHold();
  gate.inspector.set(
    file.filename,
    anInspection({ startupHooks: [{ file: 'x.pth', sha256: parseSha256('c'.repeat(64)), runsCode: true }] }),
  );
  const refused = await ask(web);
  assert.equal(refused.kind, 'refused');
  assert.equal(
    refused.kind === 'refused' && refused.decided.verdict.reasons.some(({ rule }) => rule === 'cooldown'),
    true,
  );
});

test('a revocation outranks it, and its end ends it', async () => {
  const { gate, ask } = await aHold();
  assert.equal((await ask(web)).kind, 'file');
  await gate.store.exemptions.save(
    anExemption({ consumer: 'web', ended: { at: daysAgo(0), by: 'x', why: 'done' } }),
    [],
  );
  await gate.refresh();
  assert.equal((await ask(web)).kind, 'refused');
  const other = await aHold();
  await other.gate.recordFact(other.gate.index, {
    kind: 'revocation',
    subject: { kind: 'project', project: demo },
    reason: 'bad',
    actor: 'cli:ana',
  });
  assert.notEqual((await other.ask(web)).kind, 'file');
});

test('an exemption for everybody is asked on the page as before', async () => {
  const { consumer: _, ...everybody } = anExemption();
  const gate = await aGate();
  const file = gate.upstream.addFile('demo', aWheelName(), aWheel(), { uploadTime: daysAgo(1) });
  await gate.store.exemptions.save(everybody, []);
  await gate.refresh();
  const answer = await gate.serve(file);
  assert.equal(answer.kind === 'file' && answer.isPrivate, false);
});
