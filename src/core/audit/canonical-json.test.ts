import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

for (const [why, value, expected] of [
  ['sorts keys', { b: 1, a: 2 }, '{"a":2,"b":1}'],
  ['sorts keys by code unit, not by locale', { é: 1, z: 2, Z: 3, 10: 4, 9: 5 }, '{"10":4,"9":5,"Z":3,"z":2,"é":1}'],
  ['sorts inside arrays and objects', [{ b: { d: 1, c: 2 } }], '[{"b":{"c":2,"d":1}}]'],
  ['keeps the order of an array', [3, 1, 2], '[3,1,2]'],
  ['drops undefined properties', { a: undefined, b: null }, '{"b":null}'],
  ['writes dates as ISO text', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['escapes what text columns cannot hold', 'a\0\ud800', String.raw`"a\u0000\ud800"`],
  ['has one zero', -0, '0'],
  ['writes numbers the shortest way', [1e21, 0.1, 100], '[1e+21,0.1,100]'],
] as const) {
  test(why, () => assert.equal(canonicalJson(value), expected));
}

for (const [why, value] of [
  ['NaN, which JSON.stringify would turn into null', { n: Number.NaN }],
  ['infinity', [Number.POSITIVE_INFINITY]],
  ['a bigint', 1n],
  ['a function', { f: () => 1 }],
  ['a hole in an array', [undefined]],
  ['undefined', undefined],
] as const) {
  test(`refuses ${why}`, () => assert.throws(() => canonicalJson(value), TypeError));
}

test('refuses a date that is none', () => {
  assert.throws(() => canonicalJson({ at: new Date('never') }), RangeError);
});

test('gives the same text before and after a trip through JSON, for any JSON value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      assert.equal(canonicalJson(JSON.parse(text)), text);
      assert.equal(canonicalJson(JSON.parse(JSON.stringify(value))), text);
    }),
  );
});
