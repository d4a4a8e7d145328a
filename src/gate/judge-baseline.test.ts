import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { daysAgo } from '../../test/builders/an-evidence.ts';
import { encode } from '../../test/builders/bytes.ts';
import { upstreamDown } from '../../test/fakes/fake-upstream.ts';
import { parseProjectName } from '../core/python/name.ts';
import { createJudgeBaseline } from './judge-baseline.ts';

const TARGET = {
  python: [3, 11],
  implementation: 'cpython',
  platforms: ['manylinux_2_17_x86_64', 'linux_x86_64'],
} as const;
type Gate = Awaited<ReturnType<typeof aGate>>;

const judge = (gate: Gate, project: string, version: string) =>
  createJudgeBaseline(gate)(gate.index, parseProjectName(project), version, TARGET);

test('of a release the wheel that fits best is inspected, and approvable when the policy lets it in', async () => {
  const gate = await aGate();
  for (const tag of ['py3-none-any', 'cp311-cp311-manylinux_2_17_x86_64', 'cp311-cp311-win_amd64']) {
    gate.upstream.addFile('demo', `demo-1.0-${tag}.whl`, encode(tag));
  }
  gate.upstream.addFile('demo', 'demo-1.0.tar.gz', encode('sdist'));
  const found = await judge(gate, 'demo', '1');
  assert.equal(found.state, 'baseline');
  assert.equal(found.approvable.length, 1);
  assert.deepEqual(gate.inspector.calls, ['demo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl']);
});

test('without a wheel that fits the sdist is inspected', async () => {
  const gate = await aGate();
  gate.upstream.addFile('demo', 'demo-1.0-cp39-cp39-win_amd64.whl', encode('windows'));
  gate.upstream.addFile('demo', 'demo-1.0.tar.gz', encode('sdist'));
  await judge(gate, 'demo', '1.0');
  assert.deepEqual(gate.inspector.calls, ['demo-1.0.tar.gz']);
});

test('what the policy holds is inspected too, and exempted rather than approvable', async () => {
  const gate = await aGate();
  gate.upstream.addFile('young', 'young-1.0-py3-none-any.whl', encode('young'), { uploadTime: daysAgo(1) });
  const found = await judge(gate, 'young', '1.0');
  assert.deepEqual([found.state, found.approvable], ['exempted-baseline', []]);
  assert.match(found.reason!, /uploaded 24 hours ago, cooldown ends/);
  assert.deepEqual(gate.inspector.calls, ['young-1.0-py3-none-any.whl']);
});

test('what nobody has, what was revoked, and what cannot be read is never approvable', async () => {
  const gate = await aGate();
  gate.upstream.addFile('gone', 'gone-1.0-py3-none-any.whl', encode('gone'));
  gate.upstream.addFile('lying', 'lying-1.0-py3-none-any.whl', encode('lying'));
  gate.upstream.setBytes(gate.upstream.addFile('other', 'other-1.0-py3-none-any.whl', encode('other')), encode('else'));
  await gate.recordFact(gate.index, {
    kind: 'revocation',
    subject: { kind: 'release', project: parseProjectName('lying'), version: '1.0' },
    reason: 'a test',
    actor: 'lea',
  });
  assert.equal((await judge(gate, 'nowhere', '1.0')).state, 'absent');
  assert.equal((await judge(gate, 'gone', '2.0')).state, 'absent');
  const revoked = await judge(gate, 'lying', '1.0');
  assert.deepEqual([revoked.state, revoked.reason], ['blocked', 'revoked here as malicious']);
  const changed = await judge(gate, 'other', '1.0');
  assert.deepEqual([changed.state, changed.approvable], ['blocked', []]);
  gate.upstream.fail('openFile', upstreamDown);
  assert.equal((await judge(gate, 'gone', '1.0')).state, 'unread');
});
