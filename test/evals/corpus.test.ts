import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { benignFiles, isKeptAside, projectOf } from '../../evals/corpus.ts';

for (const [why, filename, project] of [
  ['a wheel', 'Demo_Kit-1.0-py3-none-any.whl', 'demo-kit'],
  ['an sdist', 'demo.kit-1.0.tar.gz', 'demo-kit'],
  ['hyphens in the name', 'demo-kit-1.0rc1.tar.gz', 'demo-kit'],
  ['a version with a local part', 'demo-0.4+dfsg.tar.gz', 'demo'],
] as const)
  test(`the project of ${why}`, () => assert.equal(projectOf(filename), project));

test('one wheel and one sdist of each project, the last of several, whatever lies beside them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wheelgate-corpus-'));
  try {
    for (const name of ['a-1.0.tar.gz', 'a-2.0.tar.gz', 'A-1.0-py3-none-any.whl', 'a-1.0.dsc'])
      writeFileSync(join(folder, name), '');
    const files = benignFiles([join(folder, 'none'), folder]).map(({ path }) => path.slice(folder.length + 1));
    assert.deepEqual(files.sort(), ['A-1.0-py3-none-any.whl', 'a-2.0.tar.gz']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('about a fifth is kept aside, and all distributions of a project together', () => {
  const aside = Array.from({ length: 2000 }, (_, n) => isKeptAside(`b${n}`)).filter(Boolean).length;
  assert.ok(aside > 300 && aside < 500, String(aside));
});
