import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { DIGEST, daysAgo } from '../../test/builders/an-evidence.ts';
import { upstreamDown } from '../../test/fakes/fake-upstream.ts';
import { injected } from '../../test/fakes/faults.ts';
import { parseProjectName } from '../core/python/name.ts';
import { digestSubject, type FactSubject } from './record-fact.ts';

const demo = parseProjectName('demo');
const release: FactSubject = { kind: 'release', project: demo, version: '1.0' };
const request = (kind: 'approval' | 'denial' | 'revocation', subject: FactSubject) => ({
  kind,
  subject,
  reason: 'read it',
  actor: 'cli:ada',
});

/** Two young wheels of one release, one of another. */
async function aYoungRelease() {
  const gate = await aGate();
  const add = (version: string, tag: string) => {
    const options = { version, tag, files: { 'demo/tag.py': `# ${version} ${tag}\n` } };
    return gate.upstream.addFile('demo', aWheelName(options), aWheel(options), { uploadTime: daysAgo(1) });
  };
  return {
    gate,
    one: add('1.0', 'py3-none-any'),
    two: add('1.0.0', 'cp311-none-any'),
    other: add('2.0', 'py3-none-any'),
  };
}

test('an approval of a release is one per file, bound to digests, with an audit event each', async () => {
  const { gate, one, two } = await aYoungRelease();
  const facts = await gate.recordFact(gate.index, request('approval', release));
  assert.deepEqual(new Set(facts.map(({ sha256 }) => sha256)), new Set([one.sha256, two.sha256]));
  assert.deepEqual(await gate.events(), ['fact.approval demo 1.0', 'fact.approval demo 1.0.0']);
  await gate.refresh();
  assert.equal((await gate.serve(one)).kind, 'file');
});

test('an approval leaves other releases held, and bytes that differ', async () => {
  const { gate, other } = await aYoungRelease();
  await gate.recordFact(gate.index, request('approval', release));
  await gate.refresh();
  assert.equal((await gate.serve(other)).kind, 'refused');
});

test('a file without a digest upstream is downloaded to learn it', async () => {
  const gate = await aGate();
  const bytes = aWheel({ version: '1.0' });
  const over = { uploadTime: daysAgo(1), sha256: undefined, url: 'https://files.test/demo.whl' };
  const file = gate.upstream.addFile('demo', aWheelName({ version: '1.0' }), bytes, over);
  const [fact] = await gate.recordFact(gate.index, request('approval', release));
  assert.equal(await gate.blobs.size(fact!.sha256!), bytes.length);
  await gate.refresh();
  assert.equal((await gate.serve(file)).kind, 'file');
});

for (const [why, subject, code] of [
  ['a release that does not exist', { kind: 'release', project: demo, version: '9.9' }, 'NOT_FOUND'],
  ['a project that does not exist', { kind: 'release', project: parseProjectName('none'), version: '1' }, 'NOT_FOUND'],
  ['a digest that nobody has met', { kind: 'digest', sha256: DIGEST }, 'NOT_FOUND'],
  ['a whole project: it would cover files that nobody has seen', { kind: 'project', project: demo }, 'USAGE'],
] as const) {
  test(`refuses to approve ${why}`, async () => {
    const { gate } = await aYoungRelease();
    await assert.rejects(gate.recordFact(gate.index, request('approval', subject)), { code });
    assert.deepEqual(await gate.store.facts.all(), []);
  });
}

for (const kind of ['denial', 'revocation'] as const) {
  test(`a ${kind} may name a release or a project that nobody has met, and counts for files to come`, async () => {
    const gate = await aGate();
    gate.upstream.fail();
    await gate.recordFact(gate.index, request(kind, { kind: 'project', project: demo }));
    gate.upstream.heal();
    const file = gate.upstream.addFile('demo', aWheelName({ version: '1.0' }), aWheel({ version: '1.0' }));
    await gate.refresh();
    const answer = await gate.serve(file);
    assert.ok(answer.kind === 'refused');
    assert.equal(answer.decided.verdict.reasons[0]!.rule, kind);
  });
}

test('a digest that was met is known by its hex, with or without its algorithm', async () => {
  const gate = await aGate();
  const file = gate.upstream.addFile('demo', aWheelName({ version: '1.0' }), aWheel({ version: '1.0' }));
  await gate.serve(file);
  for (const text of [file.sha256!, `sha256:${file.sha256}`]) {
    const [fact] = await gate.recordFact(gate.index, request('revocation', digestSubject(text)));
    assert.deepEqual([fact?.project, fact?.version, fact?.sha256], [demo, '1.0', file.sha256]);
  }
});

test('what fails records nothing: an upstream, a download, the store', async () => {
  const { gate } = await aYoungRelease();
  gate.upstream.fail();
  await assert.rejects(gate.recordFact(gate.index, request('approval', release)), upstreamDown);
  gate.upstream.heal();
  gate.faults.failAlways('store.facts.append');
  await assert.rejects(gate.recordFact(gate.index, request('approval', release)), injected);
  assert.deepEqual([await gate.store.facts.all(), await gate.events()], [[], []]);
});
