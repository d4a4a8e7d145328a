import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../../test/fakes/memory-store.ts';
import { createIdempotency } from './idempotency.ts';

/** Processes one after the other over the same store. */
function gates() {
  const answers = createMemoryStore().keptAnswers;
  let now = new Date('2026-01-01T00:00:00Z');
  return {
    start: () => createIdempotency({ answers, clock: () => now }),
    wait: (hours: number) => {
      now = new Date(now.getTime() + hours * 3_600_000);
    },
  };
}
const aGate = () => gates().start();

/** Counts how often it was done. */
function aChange() {
  let times = 0;
  return async () => ({ status: 200, body: String(++times) });
}

test('a change that is sent twice under one key is made once, also while the first is under way', async () => {
  const once = aGate();
  const change = aChange();
  const answers = await Promise.all([1, 2].map(() => once('user:ana', 'k', ['POST', '/a'], change)));
  answers.push(await once('user:ana', 'k', ['POST', '/a'], change));
  assert.deepEqual(
    answers.map(({ body }) => body),
    ['1', '1', '1'],
  );
});

test('without a key, under another key and for another identity it is another change', async () => {
  const once = aGate();
  const change = aChange();
  await once('user:ana', 'k', ['POST', '/a'], change);
  for (const [who, key] of [
    ['user:ana', undefined],
    ['user:ana', 'l'],
    ['user:ben', 'k'],
  ] as const)
    await once(who, key, ['POST', '/a'], change);
  assert.equal((await once('user:cleo', 'k', ['POST', '/a'], change)).body, '5');
});

test('a key that was used for something else is refused, also while that is under way', async () => {
  const once = aGate();
  const first = once('user:ana', 'k', ['POST', '/a', '{}'], aChange());
  await assert.rejects(once('user:ana', 'k', ['POST', '/a', '{"x":1}'], aChange()), { code: 'CONFLICT' });
  await first;
  await assert.rejects(once('user:ana', 'k', ['POST', '/a', '{"x":1}'], aChange()), { code: 'CONFLICT' });
});

test('what failed may be tried again under its key', async () => {
  const once = aGate();
  await assert.rejects(once('user:ana', 'k', ['POST', '/a'], () => Promise.reject(new Error('disk'))));
  assert.equal((await once('user:ana', 'k', ['POST', '/a'], aChange())).body, '1');
});

test('a key counts over a restart, for a day', async () => {
  const { start, wait } = gates();
  const change = aChange();
  await start()('user:ana', 'k', ['POST', '/a'], change);
  wait(23.9);
  assert.deepEqual(await start()('user:ana', 'k', ['POST', '/a'], change), { status: 200, body: '1' });
  await assert.rejects(start()('user:ana', 'k', ['POST', '/b'], change), { code: 'CONFLICT' });
  wait(0.2);
  assert.equal((await start()('user:ana', 'k', ['POST', '/a'], change)).body, '2');
});

test('a change during which the gate ended is not made again', async () => {
  const { start } = gates();
  // It never settles, as of a process that was killed.
  void start()('user:ana', 'k', ['POST', '/a'], () => new Promise(() => {}));
  await new Promise(setImmediate);
  const change = aChange();
  await assert.rejects(start()('user:ana', 'k', ['POST', '/a'], change), { code: 'CONFLICT', message: /ended/ });
  assert.equal((await start()('user:ana', 'l', ['POST', '/a'], change)).body, '1');
});

for (const [why, key] of [
  ['empty', ''],
  ['endless', 'k'.repeat(201)],
] as const) {
  test(`refuses a key: ${why}`, () =>
    assert.rejects(aGate()('user:ana', key, [], aChange()), { code: 'INPUT_INVALID' }));
}
