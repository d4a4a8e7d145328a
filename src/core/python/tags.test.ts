import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandTags, isPure, platformsOf, tryParseTags } from './tags.ts';

test('expands every combination, in order', () => {
  assert.deepEqual(expandTags(tryParseTags('PY2.py3-none-any.win32')!), [
    'py2-none-any',
    'py2-none-win32',
    'py3-none-any',
    'py3-none-win32',
  ]);
});

test('takes a repeated tag once', () => {
  assert.deepEqual(tryParseTags('py3.py3-none-any'), { python: ['py3'], abi: ['none'], platform: ['any'] });
});

for (const [why, text] of [
  ['two lists', 'py3-none'],
  ['four lists', 'py3-none-any-x'],
  ['an empty list', 'py3--any'],
  ['an empty tag', 'py3-none-any.'],
  ['a foreign character', 'py3-none-linux+x86'],
  ['the Kelvin sign, which lower case turns into k', 'py3-none-\u212a'],
] as const) {
  test(`refuses ${why}`, () => assert.equal(tryParseTags(text), undefined));
}

for (const [tags, pure, platforms] of [
  ['py3-none-any', true, ['any']],
  ['cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64', false, ['linux']],
  ['py3-none-win_amd64', false, ['windows']],
  ['py3-none-macosx_10_9_x86_64.win32', false, ['macos', 'windows']],
  ['cp311-abi3-musllinux_1_1_aarch64', false, ['linux']],
  ['py3-abi3-any', false, ['any']],
  ['py3.cp311-none.cp311-any', false, ['any']],
  ['cp313-cp313-ios_13_0_arm64_iphoneos', false, ['other']],
] as const) {
  test(`${tags} is ${pure ? 'pure' : 'not pure'}, for ${platforms}`, () => {
    assert.equal(isPure(tryParseTags(tags)!), pure);
    assert.deepEqual(platformsOf(tryParseTags(tags)!), platforms);
  });
}
