import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate, type TestGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { anInspection, daysAgo, NOW } from '../../test/builders/an-evidence.ts';
import { type UpstreamFileOver, upstreamDown } from '../../test/fakes/fake-upstream.ts';
import { createMemoryBlobs } from '../../test/fakes/memory-blobs.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import { verifyChain } from '../core/audit/chain.ts';
import { WheelgateError } from '../core/errors.ts';
import { filePath } from '../core/index/file-path.ts';
import type { IndexFile } from '../core/index/page.ts';
import { parseSha256 } from '../core/sha256.ts';
import type { FileAnswer } from './serve-file.ts';

const DAY_MS = 86_400_000;

function addWheel({ upstream }: Pick<TestGate, 'upstream'>, version: string, over: UpstreamFileOver = {}): IndexFile {
  return upstream.addFile('demo', aWheelName({ version }), aWheel({ version }), over);
}

/** `refused: uploaded 24 hours ago, …` or the kind of answer. */
function say(answer: FileAnswer): string {
  return answer.kind === 'refused' ? `refused: ${answer.decided.verdict.reasons[0]?.message}` : answer.kind;
}

const metadata = { base64: Buffer.from('Name: demo\n').toString('base64'), sha256: parseSha256('b'.repeat(64)) };

for (const part of ['file', 'metadata', 'provenance'] as const) {
  test(`every part goes through the verdict: ${part}`, async () => {
    const gate = await aGate();
    const good = addWheel(gate, '1.0', { provenance: 'https://upstream.test/p' });
    const young = addWheel(gate, '2.0', { uploadTime: daysAgo(1), provenance: 'https://upstream.test/p' });
    gate.inspector.set(good.filename, anInspection({ metadata }));
    gate.upstream.provenance.set(good.filename, Buffer.from('{}'));
    gate.upstream.provenance.set(young.filename, Buffer.from('{}'));
    assert.equal(say(await gate.serve(good, { part })), part);
    assert.match(say(await gate.serve(young, { part })), /^refused: uploaded 24 hours ago, cooldown ends/);
    assert.deepEqual(
      gate.upstream.calls.filter((call) => call.includes('2.0')),
      [],
      'nothing of a held file is fetched',
    );
  });
}

test('the metadata is that of the bytes, and a wheel without any has none', async () => {
  const gate = await aGate();
  const good = addWheel(gate, '1.0');
  const bare = addWheel(gate, '1.1');
  gate.inspector.set(good.filename, anInspection({ metadata }));
  const answer = await gate.serve(good, { part: 'metadata' });
  assert.ok(answer.kind === 'metadata');
  assert.deepEqual([Buffer.from(answer.bytes).toString(), answer.sha256], ['Name: demo\n', metadata.sha256]);
  assert.equal((await gate.serve(bare, { part: 'metadata' })).kind, 'absent');
  assert.equal((await gate.serve(good, { part: 'provenance' })).kind, 'absent');
});

for (const [why, path] of [
  [
    'a file that no page lists',
    `packages/${'a'.repeat(2)}/${'a'.repeat(2)}/${'a'.repeat(60)}/demo-9.0-py3-none-any.whl`,
  ],
  [
    'a project that nobody has',
    `packages/${'a'.repeat(2)}/${'a'.repeat(2)}/${'a'.repeat(60)}/none-1.0-py3-none-any.whl`,
  ],
  ['a name that is no distribution', 'packages/aa/bb/cc/README.txt'],
  ['a path without a file', 'packages/'],
] as const) {
  test(`absent: ${why}`, async () => {
    const gate = await aGate();
    const file = addWheel(gate, '1.0');
    assert.equal((await gate.serve(file, { path })).kind, 'absent');
  });
}

test('a hundred requests for a new file download it once, inspect it once and record one verdict', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  const answers = await Promise.all(Array.from({ length: 100 }, () => gate.serve(file)));
  assert.deepEqual(new Set(answers.map(say)), new Set(['file']));
  assert.equal(gate.upstream.count('openFile'), 1);
  assert.deepEqual(gate.inspector.calls, [file.filename]);
  const events = await gate.events();
  assert.equal(events.filter((event) => event.startsWith('verdict.recorded')).length, 1);
  assert.equal(events.filter((event) => event.startsWith('file.served')).length, 100);
  assert.deepEqual(gate.judged, ['allow']);
});

test('who has no patience is told to come back, and the work goes on for the next request', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  const release = gate.inspector.hang();
  const first = await gate.serve(file, { patienceMs: 50 });
  assert.ok(first.kind === 'busy' && first.retryAfterSeconds > 0);
  const second = gate.serve(file);
  release();
  assert.equal(say(await second), 'file');
  assert.equal(gate.upstream.count('openFile'), 1);
  assert.deepEqual(gate.inspector.calls, [file.filename]);
});

test('work that nobody waits for any more may fail without harm', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  const release = gate.upstream.hang('openFile');
  assert.equal((await gate.serve(file, { patienceMs: 20 })).kind, 'busy');
  gate.faults.failAlways('blobs.receive');
  release();
  await assert.rejects(gate.serve(file), { code: 'STORE_FAILED' });
  gate.faults.heal();
  assert.equal(say(await gate.serve(file)), 'file');
});

test('bytes that are not what the page promised are refused with the reason, and nothing is kept', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  gate.upstream.setBytes(file, Buffer.from('something else'));
  assert.equal(say(await gate.serve(file)), 'refused: upstream sent other bytes than the sha256 it promised');
  assert.equal(say(await gate.serve(file)), 'refused: upstream sent other bytes than the sha256 it promised');
  assert.equal(await gate.blobs.size(file.sha256!), undefined);
  assert.deepEqual(gate.inspector.calls, []);
  assert.deepEqual(gate.alarms, [filePath(file)], 'one change is one alarm');
  gate.upstream.setBytes(file, aWheel({ version: '1.0' }));
  assert.equal(say(await gate.serve(file)), 'file');
});

test('a file without a digest on its page is bound to the first bytes that came', async () => {
  const gate = await aGate();
  const over = { sha256: undefined, url: 'https://files.test/demo.whl' };
  const file = addWheel(gate, '1.0', over);
  const first = await gate.serve(file);
  assert.ok(first.kind === 'file');
  gate.upstream.setBytes(file, Buffer.from('something else'));
  await gate.blobs.remove(first.sha256);
  await assert.rejects(gate.serve(file), { code: 'DIGEST_MISMATCH' });
  assert.equal(gate.alarms.length, 1);
});

test('a lost blob is fetched again and verified', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  await gate.serve(file);
  await gate.blobs.remove(file.sha256!);
  assert.equal(say(await gate.serve(file)), 'file');
  assert.equal(gate.upstream.count('openFile'), 2);
  assert.deepEqual(gate.inspector.calls, [file.filename], 'what bytes of this digest told stays true');
  await gate.blobs.remove(file.sha256!);
  gate.upstream.setBytes(file, Buffer.from('something else'));
  await assert.rejects(gate.serve(file), { code: 'DIGEST_MISMATCH' });
});

test('with the upstream down: what we have is served, what we have not fails as the upstream, never as absent', async () => {
  const gate = await aGate();
  const have = addWheel(gate, '1.0');
  const haveNot = addWheel(gate, '2.0');
  await gate.serve(have);
  gate.upstream.fail();
  gate.time.now = new Date(NOW.getTime() + DAY_MS);
  assert.equal(say(await gate.serve(have)), 'file');
  await assert.rejects(gate.serve(haveNot), upstreamDown);
  const path = `packages/${'a'.repeat(2)}/${'a'.repeat(2)}/${'a'.repeat(60)}/none-1.0-py3-none-any.whl`;
  await assert.rejects(gate.serve(have, { path }), upstreamDown);
});

test('a download that the upstream fails is told', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  gate.upstream.fail('openFile');
  await assert.rejects(gate.serve(file), upstreamDown);
  assert.deepEqual(gate.errors, [{ upstream: gate.upstream.name, error: upstreamDown }]);
});

test('a file that we have does not wait for a hanging upstream, even when its page was never stored', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  await gate.serve(file);
  // Another gate over the same files, and over an upstream that it has no page of.
  const other = await aGate({
    blobs: gate.blobs,
    store: { ...gate.store, pages: createMemoryStore().pages },
    upstreams: [{ upstream: gate.upstream, isPrivate: false }],
  });
  const release = gate.upstream.hang('readPage');
  assert.equal(say(await other.serve(file)), 'file');
  release();
});

test('an inspection that fails holds the file, and the next try may lift that', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  gate.inspector.set(file.filename, new WheelgateError('INSPECTION_FAILED', 'the inspection took too long', 'Wait.'));
  assert.equal(say(await gate.serve(file)), 'refused: the inspection took too long');
  assert.equal(say(await gate.serve(file)), 'refused: the inspection took too long');
  assert.equal(gate.inspector.calls.length, 1, 'a file that kills inspections is not inspected with every request');
  const later = await aGate({
    store: gate.store,
    blobs: gate.blobs,
    upstreams: [{ upstream: gate.upstream, isPrivate: false }],
  });
  assert.equal(say(await later.serve(file)), 'file');
});

test('an allow that came by time or by a person is on record before the file is served', async () => {
  const gate = await aGate({ policy: '[rules.archive]\neffect = "hold"' });
  const file = addWheel(gate, '1.0');
  const finding = { rule: 'archive', code: 'x', effect: 'hold', message: 'odd' } as const;
  gate.inspector.set(file.filename, anInspection({ findings: [finding] }));
  assert.equal(say(await gate.serve(file)), 'refused: odd');
  gate.setPolicy('[rules.archive]\neffect = "note"');
  assert.equal(say(await gate.serve(file)), 'file');
  assert.equal((await gate.store.verdicts.find('default', file.sha256!))?.verdict.kind, 'allow');
  assert.deepEqual(await gate.store.verdicts.allowedProjects('default'), ['demo']);
});

test('a verdict that cannot be recorded is not acted upon', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  gate.faults.failAlways('store.verdicts.record');
  await assert.rejects(gate.serve(file), { code: 'STORE_FAILED' });
  // The inspection is known by now, and the decision says allow: what is missing is the record.
  await assert.rejects(gate.serve(file), { code: 'STORE_FAILED' });
  gate.faults.heal();
  assert.equal(say(await gate.serve(file)), 'file');
  assert.ok(await gate.store.verdicts.find('default', file.sha256!));
});

test('what is served and refused is in the audit log, with who asked and why not', async () => {
  const gate = await aGate();
  const good = addWheel(gate, '1.0');
  const young = addWheel(gate, '2.0', { uploadTime: daysAgo(1) });
  await gate.serve(good, {
    identity: { kind: 'token', name: 'token:ci', roles: ['machine'], consumer: 'web' },
    client: { userAgent: 'pip/26' },
  });
  await gate.serve(young, { part: 'metadata' });
  await gate.audit.flush();
  const events = await gate.store.audit.read({ limit: 10 });
  assert.equal((await verifyChain(events)).ok, true);
  const [, served, refused] = events;
  assert.deepEqual([served?.type, served?.actor, served?.subject], ['file.served', 'token:ci', filePath(good)]);
  assert.deepEqual([served?.detail.userAgent, served?.detail.sha256], ['pip/26', good.sha256]);
  assert.deepEqual([refused?.type, refused?.detail.part], ['file.refused', 'metadata']);
  assert.match(JSON.stringify(refused?.detail.reasons), /cooldown ends/);
});

test('two files of one URL with different digests are two downloads', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0', { url: 'https://files.test/demo.whl' });
  const project = await gate.decideProject('demo');
  assert.ok(typeof project !== 'string');
  const decided = project.files[0]!;
  const release = gate.upstream.hang('openFile');
  const wanted = gate.judge.fetchBytes(decided);
  const changed = gate.judge.fetchBytes({ ...decided, file: { ...file, sha256: parseSha256('c'.repeat(64)) } });
  release();
  assert.equal(await wanted, file.sha256);
  await assert.rejects(changed, { code: 'DIGEST_MISMATCH' });
});

test('a gate over a fresh store knows nothing of what another one allowed', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  await gate.serve(file);
  const other = await aGate({ blobs: createMemoryBlobs(), upstreams: [{ upstream: gate.upstream, isPrivate: false }] });
  const release = other.inspector.hang();
  assert.equal((await other.serve(file, { patienceMs: 20 })).kind, 'busy');
  release();
});

test('an sdist whose version nobody can read is found where its page lists it', async () => {
  const gate = await aGate();
  for (const name of ['demo-2004d_beta.tar.gz', 'demo-project-snapshot.tar.gz']) {
    const project = name.startsWith('demo-project') ? 'demo-project' : 'demo';
    const file = gate.upstream.addFile(project, name, Buffer.from(name));
    assert.notEqual((await gate.serve(file)).kind, 'absent', name);
  }
});

test('a policy that is replaced while a file is judged does not sign what the older one decided', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  const older = gate.index.policy().revision;
  const project = await gate.decideProject('demo');
  assert.ok(typeof project !== 'string');
  await gate.judge.judge(gate.index, project.files[0]!);
  const decided = (await gate.decideProject('demo')) as typeof project;
  gate.setPolicy('[rules.yanked]\neffect = "hold"\n');
  assert.notEqual(gate.index.policy().revision, older);
  await gate.store.verdicts.record(
    { ...(await gate.store.verdicts.find('default', file.sha256!))!, policyRevision: 'another' },
    { at: NOW, type: 'verdict.recorded', actor: 'gate', subject: 'demo', detail: {} },
  );
  await gate.judge.record(gate.index, decided.files[0]!);
  assert.equal((await gate.store.verdicts.find('default', file.sha256!))?.policyRevision, older);
});
