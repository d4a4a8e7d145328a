import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitLiteral, unescapeBytes, unescapeText } from './string-literal.ts';

for (const [source, prefix, body] of [
  ["'a'", '', 'a'],
  ['Rb"""a"b"""', 'rb', 'a"b'],
  ["''", '', ''],
  ['"""open', '', 'open'],
] as const) {
  test(`splits ${source}`, () => assert.deepEqual(splitLiteral(source), { prefix, body }));
}

for (const [why, body, expected] of [
  ['hex', '\\x41', 'A'],
  ['octal', '\\101\\7', 'A\x07'],
  ['Unicode', '\\u0041\\U0001F600', 'A😀'],
  ['a continued line', 'a\\\nb', 'ab'],
  ['an unknown escape', '\\d', '\\d'],
  ['a code point beyond Unicode', '\\UFFFFFFFF', '\ufffd'],
] as const) {
  test(`resolves ${why}`, () => assert.equal(unescapeText(body), expected));
}

test('keeps escapes of text as they are in bytes', () => {
  assert.equal(Buffer.from(unescapeBytes('\\x41\\u0041', false)).toString('latin1'), 'A\\u0041');
  assert.equal(Buffer.from(unescapeBytes('\\x41', true)).toString('latin1'), '\\x41');
});
