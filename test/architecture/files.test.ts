import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../docs/markdown.ts';

const files = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length)),
);

test('no file is longer than 400 lines', () => {
  const long = files.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 401);
  assert.deepEqual(long, []);
});

test('files and folders are named after a concept, in kebab-case', () => {
  assert.ok(files.length > 100);
  for (const file of files) {
    assert.doesNotMatch(file, /(?:^|\/)index\.ts$/, 'a barrel: import from the file that has it');
    const words = file.replace(/(?:\.(?:property|difftest))?(?:\.test)?\.ts$/, '').split('/');
    for (const word of words) {
      assert.match(word, /^[a-z0-9]+(?:-[a-z0-9]+)*$/, file);
      assert.doesNotMatch(word, /^(?:utils?|common|shared|helpers?|misc)$/, file);
    }
  }
});
