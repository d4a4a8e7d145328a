import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ALL_RULES } from './all-rules.ts';
import { renderRulesDoc } from './rules-doc.ts';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

test('every rule folder is in the list, in order, and has a test', () => {
  assert.deepEqual(
    ALL_RULES.map((rule) => rule.id),
    folders.sort(),
  );
  for (const folder of folders) assert.ok(existsSync(join(import.meta.dirname, folder, 'rule.test.ts')), folder);
});

test('every rule explains itself', () => {
  for (const rule of ALL_RULES) {
    assert.match(rule.title, /^[a-z][^\n.]{10,70}$/, rule.id);
    assert.match(rule.description, /^[A-Z].{40,}\.$/, rule.id);
    assert.match(rule.remedy, /^[A-Z].{10,}\.$/, rule.id);
  }
});

test('docs/rules.md says what the rules say', () => {
  const path = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'rules.md');
  assert.ok(
    readFileSync(path, 'utf8') === renderRulesDoc(ALL_RULES),
    'run: node --import tsx scripts/write-rules-doc.js',
  );
});
