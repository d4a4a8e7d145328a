import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { type ClientLab, fails, passes, type Ran, type Workspace } from './client-lab.ts';

/** pip 26.3, and what the pip that came with this Python prints alike. */
export function pipCases(lab: () => ClientLab): void {
  let workspace: Workspace;
  const install = (...args: readonly string[]): Promise<Ran> => workspace.pip('install', '--target', 'target', ...args);
  const phrase = (release: string) =>
    `403 Client Error: ${lab().held(release).phrase} for url: ${lab().gate.url}/packages/`;
  before(async () => {
    workspace = await lab().workspace();
    await workspace.write('pip.conf', await lab().setup('pip'));
  });

  for (const which of ['pip', 'bundledPip'] as const) {
    test(`${which}: a range falls back, a pin fails with the reason, hashes change neither`, async () => {
      const run = workspace[which];
      const [, allowed, held] = await lab().page('falls-back');
      await workspace.write('allowed.txt', `falls-back==1.1 --hash=sha256:${allowed!.hashes.sha256}\n`);
      await workspace.write('held.txt', `falls-back==2.0 --hash=sha256:${held!.hashes.sha256}\n`);
      passes(await run('install', '--dry-run', 'wants-any'), 'Would install falls-back-1.1 wants-any-1.0');
      fails(await run('install', '--dry-run', 'falls-back==2.0'), 1, `ERROR: ${phrase('falls-back==2.0')}`);
      passes(await run('install', '--target', which, '--require-hashes', '-r', 'allowed.txt'), 'falls-back-1.1');
      const refused = `because of HTTP error ${phrase('falls-back==2.0')}`;
      fails(await run('install', '--target', which, '--require-hashes', '-r', 'held.txt'), 1, refused);
      fails(await run('install', '--dry-run', 'only-young'), 1, `ERROR: ${phrase('only-young==1.0')}`);
    });
  }

  test('every command takes the newest release that is let in, and says why it may not have another', async () => {
    passes(await install('falls-back'), 'Successfully installed falls-back-1.1');
    passes(await workspace.pip('index', 'versions', 'falls-back'), 'falls-back (1.1) Available versions: 1.1, 1.0');
    passes(await workspace.pip('download', '--dest', 'files', 'wants-any'));
    assert.deepEqual((await readdir(join(workspace.folder, 'files'))).sort(), [
      'falls_back-1.1-py3-none-any.whl',
      'wants_any-1.0-py3-none-any.whl',
    ]);
    fails(await workspace.pip('download', '--dest', 'none', 'falls-back==2.0'), 1, phrase('falls-back==2.0'));
    const wanted = 'Collecting falls-back==2.0 (from wants-young)';
    fails(await install('wants-young'), 1, wanted, phrase('falls-back==2.0'));
  });

  test('a pre-release that is let in does not hide why the release is not', async () => {
    fails(await install('candidate-first'), 1, phrase('candidate-first==1.0'));
  });

  test('malware, a lookalike and an sdist say what they are', async () => {
    const said = (words: string, release: string) =>
      `403 Client Error: ${words}; ${lab().gate.url}/r/${release} for url`;
    const malware = said('blocked by Wheelgate: reported as malware: MAL-2026-4711', 'reported-bad/1.0');
    fails(await install('reported-bad'), 1, malware);
    const lookalike = said('held by Wheelgate: the name is one letter away from "requests"', 'reqeusts/2.0');
    fails(await install('reqeusts'), 1, lookalike);
    const sdist = said('held by Wheelgate: an sdist: installing it runs its code', 'source-only/1.0');
    fails(await install('source-only'), 1, sdist);
  });

  test('a held wheel beside one for every Python is passed over', async () => {
    passes(await install('--dry-run', 'mixed-files==2.0'), 'mixed_files-2.0-py3-none-any.whl');
  });

  test('names may be spelled in any way, with extras, and the index without its last slash', async () => {
    const bare = `${lab().gate.url}/simple`;
    passes(await install('--dry-run', '--index-url', bare, 'SPELLED_oddly.here[more]'), 'falls-back-1.1');
  });

  test('a range that only held releases satisfy finds nothing: pip drops them before it asks', async () => {
    fails(await install('falls-back>=2'), 1, 'No matching distribution found for falls-back>=2');
  });

  test('pip lock writes what is let in; a lock with a held file says why it does not install', async () => {
    passes(await workspace.pip('lock', 'wants-any'));
    const locked = await workspace.read('pylock.toml');
    const [, allowed, held] = await lab().page('falls-back');
    assert.match(locked, new RegExp(`name = "falls-back"\\s+version = "1\\.1"[^]*${allowed!.hashes.sha256}`));
    passes(await install('--dry-run', '-r', 'pylock.toml'), 'Would install falls-back-1.1 wants-any-1.0');
    fails(await workspace.pip('lock', 'falls-back==2.0'), 1, phrase('falls-back==2.0'));
    const young = locked
      .replaceAll('1.1', '2.0')
      .replace(/http[^"]*falls_back-2\.0[^"]*/, held!.url)
      .replace(allowed!.hashes.sha256, held!.hashes.sha256);
    await workspace.write('pylock.young.toml', young);
    fails(await install('-r', 'pylock.young.toml'), 1, `because of HTTP error ${phrase('falls-back==2.0')}`);
  });

  test('an approval makes the same command pass', async () => {
    const command = () => install('let-in-for-pip==1.0');
    fails(await command(), 1, phrase('let-in-for-pip==1.0'));
    await lab().decide('approve', 'let-in-for-pip==1.0');
    passes(await command(), 'Successfully installed let-in-for-pip-1.0');
  });
}
