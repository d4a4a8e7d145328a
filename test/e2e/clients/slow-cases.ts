import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClientLab, passes } from './client-lab.ts';
import { aPdmProject, aPoetryProject } from './projects.ts';

/**
 * A file that takes longer to inspect than pip is kept waiting: pip and its kin are told to come back, uv and PDM are kept
 * on the line (DESIGN section 6). Every command passes, with its dependencies.
 */
export function slowCases(lab: () => ClientLab): void {
  test('the first inspection: pip is asked to come back, uv and PDM wait for the file', async () => {
    const [file] = await lab().page('slow-for-nobody');
    const ask = (userAgent: string) => fetch(file!.url, { headers: { 'user-agent': userAgent } });
    const [pip, uv, pdm] = await Promise.all([ask('pip/26.3'), ask('uv/0.13.9'), ask('pdm/2.29.3')]);
    assert.deepEqual([pip.status, uv.status, pdm.status], [503, 200, 200]);
    assert.equal(pip.headers.get('retry-after'), '5');
    assert.match(pip.statusText, /^Wheelgate is inspecting this file for the first time/);
  });

  test('pip', async () => {
    const workspace = await lab().workspace();
    await workspace.write('pip.conf', await lab().setup('pip'));
    passes(
      await workspace.pip('install', '--dry-run', 'slow-for-pip'),
      'Would install falls-back-1.1 slow-for-pip-1.0',
    );
  });

  test('uv', async () => {
    const workspace = await lab().workspace();
    await workspace.write('uv.toml', await lab().setup('uv'));
    passes(await workspace.uv('pip', 'install', 'slow-for-uv'), '+ falls-back==1.1', '+ slow-for-uv==1.0');
  });

  test('Poetry', async () => {
    const workspace = await lab().workspace();
    await workspace.write('pyproject.toml', aPoetryProject(await lab().setup('poetry')));
    passes(await workspace.poetry('add', 'slow-for-poetry'), 'Installing falls-back (1.1)');
  });

  test('PDM, which takes any answer for metadata that has no digest', async () => {
    const workspace = await lab().workspace();
    await workspace.write('pyproject.toml', aPdmProject(await lab().setup('pdm')));
    passes(await workspace.pdm('add', 'slow-for-pdm'), 'Install falls-back 1.1 successful');
  });

  test('pip-compile', async () => {
    const workspace = await lab().workspace();
    await workspace.write('pip.conf', await lab().setup('pip'));
    await workspace.write('in.txt', 'slow-for-piptools\n');
    passes(await workspace.pipCompile('--quiet', '--generate-hashes', '--output-file', 'out.txt', 'in.txt'));
    const [file] = await lab().page('slow-for-piptools');
    assert.ok((await workspace.read('out.txt')).includes(file!.hashes.sha256));
  });

  test('Pipenv', async () => {
    const workspace = await lab().workspace();
    await workspace.write('Pipfile', `${await lab().setup('pipenv')}\n[packages]\n`);
    passes(await workspace.pipenv('install', 'slow-for-pipenv'));
    assert.match(await workspace.read('Pipfile.lock'), /"falls-back"/);
  });
}
