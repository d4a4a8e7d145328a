import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandLzma } from './lzma.ts';

const MAX = 1_000_000;
/** Made with Python's lzma module of `'hello '` a hundred times. */
const PACKED: Readonly<Record<string, string>> = {
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AJXAA9dADQZSe6N6V/B8PcWPQzAAAAABEc9RlF3TlAAASvYBAAAAOeC2ZixxGf7AgAAAAAEWVo=',
  'xz without a check':
    '/Td6WFoAAAD/EtlBAgAhARYAAAB0L+Wj4AJXAA9dADQZSe6N6V/B8PcWPQzAAAAAAAEj2AQAAACKAIp0qAAK/AIAAAAAAFla',
  'xz with SHA-256':
    '/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4AJXAA9dADQZSe6N6V/B8PcWPQzAAAAAfhUJqFNJ/RDufg5kf01TmhEBMBpPxl5hdfXKWbqD9jsAAUPYBAAAANAPfny26d8cAgAAAAAKWVo=',
  'lzma-alone': 'XQAAgAD//////////wA0GUnujelfwfD3Fj2cjuv//7pWAAA=',
  'raw LZMA2': '4AJXAA9dADQZSe6N6V/B8PcWPQzAAAA=',
};

const packed = (name: string) => Buffer.from(PACKED[name]!, 'base64');

for (const name of Object.keys(PACKED)) {
  test(`expands ${name}`, () =>
    assert.equal(Buffer.from(expandLzma(packed(name), MAX) as Uint8Array).toString(), 'hello '.repeat(100)));
}

for (const [why, input, expected] of [
  ['nothing', Buffer.alloc(0), undefined],
  ['an end in the middle', packed('xz').subarray(0, 30), undefined],
  ['other bytes', Buffer.from('hello, this is no lzma'), undefined],
  ['a match before the first byte', Buffer.from('e0000000050000ffffffffff', 'hex'), undefined],
] as const) {
  test(`gives nothing for ${why}`, () => assert.equal(expandLzma(input, MAX), expected));
}

test('says when the output would be too long', () => assert.equal(expandLzma(packed('xz'), 100), 'limit'));

test('ends on any damage', () => {
  for (let at = 0; at < packed('xz').length; at++) {
    const damaged = Buffer.from(packed('xz'));
    damaged[at] = damaged[at]! ^ 0xff;
    const output = expandLzma(damaged, MAX);
    assert.ok(output === undefined || output === 'limit' || output.length <= MAX);
  }
});
