import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { findScanInputs } from './local-files.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-scan-inputs-'));
});
after(() => rm(folder, { recursive: true }));

const CASES: readonly (readonly [why: string, files: readonly string[], expected: readonly string[]])[] = [
  ['distributions', ['b-1.tar.gz', 'sub/a-1-py3-none-any.whl'], ['b-1.tar.gz', 'sub/a-1-py3-none-any.whl']],
  ['a source tree, whatever its build left', ['pyproject.toml', 'a.py', 'dist/a-1.tar.gz'], ['.']],
  ['code beside distributions is not passed over', ['a-1.tar.gz', 'sub/a.py'], ['.', 'a-1.tar.gz']],
  ['code alone', ['sub/a.py'], ['.']],
  ['a start-up hook is code', ['a.pth'], ['.']],
  ['neither: whatever it is, it is looked at', ['run.exe'], ['.']],
  ['an empty folder', [], []],
];

for (const [why, files, expected] of CASES)
  test(`what a folder means to scan: ${why}`, async () => {
    const root = join(folder, why);
    await mkdir(root);
    for (const file of files) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), '');
    }
    assert.deepEqual(
      await findScanInputs(root),
      expected.map((path) => join(root, path)),
    );
  });

test('a file is itself, and so is what is not there', async () => {
  for (const path of [join(folder, 'missing'), import.meta.filename])
    assert.deepEqual(await findScanInputs(path), [path]);
});
