import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Module } from '../../core/analysis/syntax/ir.ts';
import { rememberModules } from './remember-modules.ts';

function countingParser() {
  const parsed: string[] = [];
  const parse = (text: string): Module => {
    parsed.push(text);
    return { body: [], text, broken: false, limits: [] };
  };
  return { parsed, parse };
}

test('parses a text once, and gives the same module again', () => {
  const counting = countingParser();
  const parser = rememberModules(counting, 1_000);
  assert.equal(parser.parse('import os'), parser.parse('import os'));
  assert.notEqual(parser.parse('import os '), parser.parse('import os'));
  assert.deepEqual(counting.parsed, ['import os', 'import os ']);
});

test('forgets what was used longest ago, and never keeps a file that would fill it', () => {
  const counting = countingParser();
  const parser = rememberModules(counting, 1_000);
  for (let at = 0; at < 20; at++) parser.parse(`${at}`.padEnd(100));
  parser.parse('0'.padEnd(100));
  parser.parse('19'.padEnd(100));
  const large = 'x'.repeat(500);
  parser.parse(large);
  parser.parse(large);
  const times = (text: string) => counting.parsed.filter((each) => each === text).length;
  assert.deepEqual([times('0'.padEnd(100)), times('19'.padEnd(100)), times(large)], [2, 1, 2]);
});
