import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linuxPlatforms } from './platform-tags.ts';
import { rankWheel, supportedTags, type WheelTarget } from './rank-wheel.ts';
import { tryParseTags } from './tags.ts';

const cp311: WheelTarget = {
  python: [3, 11],
  implementation: 'cpython',
  platforms: linuxPlatforms('x86_64', { name: 'glibc', version: [2, 36] }),
};
const rank = (tags: string, target = cp311) => rankWheel(tryParseTags(tags)!, target);

test('orders wheels as pip does', () => {
  const order = [
    'cp311-cp311-manylinux_2_28_x86_64',
    'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64',
    'cp311-cp311-linux_x86_64',
    'cp311-abi3-manylinux_2_28_x86_64',
    'cp311-none-manylinux_2_28_x86_64',
    'cp310-abi3-manylinux_2_28_x86_64',
    'cp32-abi3-manylinux_2_28_x86_64',
    'py3-none-manylinux_2_28_x86_64',
    'cp311-none-any',
    'py311-none-any',
    'py2.py3-none-any',
    'py30-none-any',
  ];
  const ranks = order.map((tags) => rank(tags));
  assert.deepEqual(
    ranks,
    [...ranks].sort((a, b) => a! - b!),
  );
  assert.equal(new Set(ranks).size, order.length);
});

for (const [why, tags] of [
  ['another Python', 'cp312-cp312-manylinux_2_17_x86_64'],
  ['the stable ABI of a newer Python', 'cp312-abi3-manylinux_2_17_x86_64'],
  ['a newer glibc', 'cp311-cp311-manylinux_2_39_x86_64'],
  ['another machine', 'cp311-cp311-manylinux_2_17_aarch64'],
  ['another system', 'cp311-cp311-win_amd64'],
  ['another C library', 'cp311-cp311-musllinux_1_1_x86_64'],
  ['a threaded build', 'cp311-cp311t-manylinux_2_17_x86_64'],
  ['Python 2 only', 'py2-none-any'],
] as const) {
  test(`does not fit: ${why}`, () => assert.equal(rank(tags), undefined));
}

test('the best tag of a wheel counts', () => {
  assert.equal(rank('cp310.cp311-cp311-win_amd64.linux_x86_64'), rank('cp311-cp311-linux_x86_64'));
});

test('knows the ABI names of older and other Pythons', () => {
  const target = (python: readonly [number, number], implementation: WheelTarget['implementation']) =>
    supportedTags({ python, implementation, platforms: ['linux_x86_64'] });
  assert.equal(target([3, 7], 'cpython')[0], 'cp37-cp37m-linux_x86_64');
  assert.equal(target([2, 7], 'cpython')[0], 'cp27-cp27mu-linux_x86_64');
  assert.equal(target([3, 10], 'pypy')[0], 'pp310-pypy310_pp73-linux_x86_64');
  assert.ok(target([3, 10], 'pypy').includes('pp3-none-any'));
  assert.ok(!target([3, 10], 'pypy').some((tag) => tag.includes('abi3')));
});

test('an absurd version costs no more than a high one', () => {
  const target: WheelTarget = { python: [3, 1e9], implementation: 'cpython', platforms: ['linux_x86_64'] };
  assert.ok(supportedTags(target).length < 400);
});

test('lists no tag twice', () => {
  assert.equal(new Set(supportedTags(cp311)).size, supportedTags(cp311).length);
});
