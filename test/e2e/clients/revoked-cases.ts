import { test } from 'node:test';
import { type ClientLab, fails, passes } from './client-lab.ts';
import { aPdmProject, aPoetryProject } from './projects.ts';

/** A release that was locked and then revoked: gone from the page, refused at its file. */
export function revokedCases(lab: () => ClientLab): void {
  test('a lock made before the revocation installs no more, whoever made it; the release beside it does', async () => {
    const workspace = await lab().workspace();
    const [revoked] = await lab().page('taken-back');
    await workspace.write('pip.conf', await lab().setup('pip'));
    await workspace.write('uv.toml', await lab().setup('uv'));
    await workspace.write('hashes.txt', `taken-back==1.0 --hash=sha256:${revoked!.hashes.sha256}\n`);
    await workspace.write('pyproject.toml', aPoetryProject(await lab().setup('poetry'), 'taken-back==1.0'));
    passes(await workspace.poetry('lock'));
    passes(await workspace.uv('lock'));
    passes(await workspace.pip('lock', 'taken-back==1.0'));
    const pdm = await lab().workspace();
    await pdm.write('pyproject.toml', aPdmProject(await lab().setup('pdm'), 'taken-back==1.0'));
    passes(await pdm.pdm('lock'));

    await lab().decide('revoke', 'taken-back==1.0');
    await Promise.all([workspace.reset(), pdm.reset()]);
    const phrase = `blocked by Wheelgate: revoked here as malicious; ${lab().gate.url}/r/taken-back/1.0`;
    // Who reads the page finds nothing; who has the file's URL in the lock is told why.
    const install = ['install', '--target', 'target'];
    fails(await workspace.pip(...install, '-r', 'hashes.txt'), 1, '(from versions: 1.1)', 'No matching distribution');
    fails(await workspace.pip(...install, '-r', 'pylock.toml'), 1, `403 Client Error: ${phrase} for url`);
    fails(await workspace.uv('sync', '--frozen'), 2, `(403 ${phrase})`);
    fails(await workspace.uv('pip', 'install', '-r', 'hashes.txt'), 1, 'there is no version of taken-back==1.0');
    fails(await workspace.poetry('install'), 1, 'Unable to find installation candidates for taken-back (1.0)');
    fails(await pdm.pdm('sync'), 1, 'add taken-back failed');
    passes(await workspace.pip(...install, 'taken-back'), 'Successfully installed taken-back-1.1');
  });
}
