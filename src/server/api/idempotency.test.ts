import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdempotency } from './idempotency.ts';

/** Counts how often it was done. */
function aChange() {
  let times = 0;
  return async () => ({ status: 200, body: String(++times) });
}

test('a change that is sent twice under one key is made once, also while the first is under way', async () => {
  const once = createIdempotency();
  const change = aChange();
  const answers = await Promise.all([1, 2].map(() => once('user:ana', 'k', ['POST', '/a'], change)));
  answers.push(await once('user:ana', 'k', ['POST', '/a'], change));
  assert.deepEqual(
    answers.map(({ body }) => body),
    ['1', '1', '1'],
  );
});

test('without a key, under another key and for another identity it is another change', async () => {
  const once = createIdempotency();
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

test('a key that was used for something else is refused', async () => {
  const once = createIdempotency();
  await once('user:ana', 'k', ['POST', '/a', '{}'], aChange());
  assert.throws(() => once('user:ana', 'k', ['POST', '/a', '{"x":1}'], aChange()), { code: 'CONFLICT' });
});

test('what failed may be tried again under its key', async () => {
  const once = createIdempotency();
  await assert.rejects(once('user:ana', 'k', ['POST', '/a'], () => Promise.reject(new Error('disk'))));
  assert.equal((await once('user:ana', 'k', ['POST', '/a'], aChange())).body, '1');
});

for (const [why, key] of [
  ['empty', ''],
  ['endless', 'k'.repeat(201)],
] as const) {
  test(`refuses a key: ${why}`, () =>
    assert.throws(() => createIdempotency()('user:ana', key, [], aChange()), { code: 'INPUT_INVALID' }));
}
