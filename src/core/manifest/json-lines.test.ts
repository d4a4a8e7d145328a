import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLines } from './json-lines.ts';

test('finds keys and elements', () => {
  const text = '{\n "a": {\n  "b:c": [1,\n {"d": "}\\" ,"},\n [\n2]],\n "e": null}\n, "f": []\n}';
  JSON.parse(text);
  const lineOf = jsonLines(text);
  assert.equal(lineOf('a'), 2);
  assert.equal(lineOf('a', 'b:c'), 3);
  assert.equal(lineOf('a', 'b:c', 0), 3);
  assert.equal(lineOf('a', 'b:c', 1), 4);
  assert.equal(lineOf('a', 'b:c', 1, 'd'), 4);
  assert.equal(lineOf('a', 'b:c', 2), 5);
  assert.equal(lineOf('a', 'b:c', 2, 0), 6);
  assert.equal(lineOf('a', 'e'), 7);
  assert.equal(lineOf('f'), 8);
  assert.equal(lineOf('g'), undefined);
});
