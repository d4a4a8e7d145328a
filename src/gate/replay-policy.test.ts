import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { daysAgo, NOW } from '../../test/builders/an-evidence.ts';
import { parsePolicy } from '../core/policy/policy.ts';
import { parseProjectName } from '../core/python/name.ts';
import { createReplayPolicy } from './replay-policy.ts';

const DAY = 86_400_000;

/** A gate under `monitor` that served 1.0 ten days old, and a day later 1.1, one day old. */
async function aGateWithHistory() {
  const gate = await aGate({ policy: 'preset = "monitor"' });
  const addFile = (version: string, uploadTime: Date) =>
    gate.upstream.addFile('demo', aWheelName({ version }), aWheel({ version }), { uploadTime });
  const first = addFile('1.0', daysAgo(10));
  await gate.serve(first);
  await gate.serve(first);
  const second = addFile('1.1', NOW);
  gate.time.set(DAY);
  // The page is fetched again.
  gate.decide.forget('default', parseProjectName('demo'));
  await gate.serve(second);
  await gate.audit.flush();
  const { index, store, decide } = gate;
  return { gate, first, second, replay: createReplayPolicy({ indexes: [index], store, log: store.audit, decide }) };
}

test('every file is asked about once, at the time of its first request', async () => {
  const { replay } = await aGateWithHistory();
  const { requests, unknown } = await replay(parsePolicy(''), new Date(0));
  assert.equal(unknown, 0);
  assert.deepEqual(
    requests.map(({ at, version, was, verdict, cost }) => [
      at.getTime() - NOW.getTime(),
      version,
      was,
      verdict.kind,
      cost,
    ]),
    [
      [0, '1.0', 'served', 'allow', undefined],
      // An update by then: one day old of three.
      [DAY, '1.1', 'served', 'hold', { rules: ['cooldown'], hours: 48 }],
    ],
  );
});

test('what the replayed policy would have refused makes no project known', async () => {
  const { replay } = await aGateWithHistory();
  const { requests } = await replay(parsePolicy('[rules.cooldown]\nnew_project = "14d"'), new Date(0));
  assert.deepEqual(
    requests.map(({ verdict, cost }) => [verdict.kind, cost?.hours]),
    [
      ['hold', 4 * 24],
      ['hold', 13 * 24],
    ],
  );
});

test('a hold that no time ends needs a person', async () => {
  const { replay } = await aGateWithHistory();
  const { requests } = await replay(parsePolicy('preset = "strict"'), new Date(0));
  assert.ok(requests[0]?.cost?.rules.includes('new-project'));
  assert.equal(requests[0]?.cost?.hours, undefined);
});

test('earlier requests are left out, but what they let in is in use', async () => {
  const { replay } = await aGateWithHistory();
  const { requests } = await replay(parsePolicy(''), new Date(NOW.getTime() + 1));
  assert.deepEqual(
    requests.map(({ version, cost }) => [version, cost?.hours]),
    [['1.1', 48]],
  );
});

test('a file that is not known any more is counted, not guessed', async () => {
  const { gate, replay } = await aGateWithHistory();
  await gate.store.audit.append([
    {
      at: NOW,
      type: 'file.served',
      actor: '127.0.0.1',
      subject: 'packages/x/gone-1.0-py3-none-any.whl',
      detail: { index: 'default', sha256: 'f'.repeat(64) },
    },
  ]);
  const { requests, unknown } = await replay(parsePolicy(''), new Date(0));
  assert.deepEqual([requests.length, unknown], [2, 1]);
});
