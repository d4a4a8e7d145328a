import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quoted } from './quoted.ts';

for (const [why, raw, expected] of [
  ['a quote ends nothing', 'a"b', '"a\\"b"'],
  ['a line end stays on the line', 'a\nb', '"a\\nb"'],
  ['bidirectional controls are shown, not obeyed', 'a\u202eb', '"a\\u202eb"'],
  ['a lone surrogate cannot break an encoder', '\ud800', '"\\ud800"'],
  ['long text is cut', 'x'.repeat(81), `"${'x'.repeat(80)}..."`],
] as const) {
  test(`quotes so that ${why}`, () => assert.equal(quoted(raw), expected));
}

test('is always short printable ASCII', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (raw) => /^[ -~]{2,600}$/.test(quoted(raw))));
});
