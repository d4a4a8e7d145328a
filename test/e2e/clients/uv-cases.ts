import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { type ClientLab, fails, passes, type Workspace } from './client-lab.ts';
import { aProject } from './projects.ts';

export function uvCases(lab: () => ClientLab): void {
  let workspace: Workspace;
  const uv = (...args: readonly string[]) => workspace.uv(...args);
  before(async () => {
    workspace = await lab().workspace();
    await workspace.write('uv.toml', await lab().setup('uv'));
  });
  beforeEach(() => workspace.reset());

  async function project(...requirements: readonly string[]): Promise<void> {
    await workspace.remove('uv.lock');
    await workspace.write('pyproject.toml', aProject(requirements));
  }
  const lockfile = () => workspace.read('uv.lock');
  const refused = (release: string) => [
    `Server message: ${lab().held(release).problem}`,
    `(403 ${lab().held(release).phrase}) for url (${lab().gate.url}/packages/`,
  ];
  /** Of a range, uv tells the reason without asking for the file. */
  const yanked = () => `falls-back==2.0 was yanked (reason: ${lab().held('falls-back==2.0').phrase})`;

  test('uv pip install: a range falls back, what is held says why', async () => {
    passes(await uv('pip', 'install', 'wants-any'), '+ falls-back==1.1', '+ wants-any==1.0');
    fails(await uv('pip', 'install', 'falls-back==2.0'), 2, ...refused('falls-back==2.0'));
    fails(await uv('pip', 'install', 'falls-back>=2'), 1, yanked());
    fails(await uv('pip', 'install', 'wants-young'), 1, yanked());
    fails(await uv('pip', 'install', 'only-young'), 2, ...refused('only-young==1.0'));
    fails(await uv('pip', 'install', '--dry-run', 'falls-back==2.0'), 2, ...refused('falls-back==2.0'));
  });

  test('malware, a lookalike and an sdist say what they are', async () => {
    const link = (release: string) => `${lab().gate.url}/r/${release}`;
    const malware = 'reported-bad 1.0 is blocked by Wheelgate, Reported as malware: MAL-2026-4711. Details:';
    fails(await uv('pip', 'install', 'reported-bad'), 2, `${malware} ${link('reported-bad/1.0')}`);
    const lookalike = 'reqeusts 2.0 is held by Wheelgate, The name is one letter away from "requests".';
    fails(await uv('pip', 'install', 'reqeusts'), 2, lookalike, link('reqeusts/2.0'));
    const sdist = 'source-only 1.0 is held by Wheelgate, An sdist: installing it runs its code.';
    fails(await uv('pip', 'install', 'source-only'), 2, sdist, link('source-only/1.0'));
  });

  test('hashes: what is let in installs, what is held says why', async () => {
    await workspace.write('in.txt', 'wants-any\nmixed-files\n');
    passes(await uv('pip', 'compile', '--generate-hashes', 'in.txt', '-o', 'out.txt'));
    const compiled = await workspace.read('out.txt');
    assert.match(compiled, /^falls-back==1\.1 /m);
    assert.match(compiled, /^mixed-files==2\.0 \\\n {4}--hash=sha256:[0-9a-f]{64}\n {4}#/m);
    passes(await uv('pip', 'install', '--require-hashes', '-r', 'out.txt'), '+ falls-back==1.1', '+ mixed-files==2.0');
    const [, , held] = await lab().page('falls-back');
    await workspace.write('held.txt', `falls-back==2.0 --hash=sha256:${held!.hashes.sha256}\n`);
    fails(await uv('pip', 'install', '--require-hashes', '-r', 'held.txt'), 2, ...refused('falls-back==2.0'));
    await workspace.write('held.in', 'falls-back==2.0\n');
    fails(await uv('pip', 'compile', 'held.in'), 2, ...refused('falls-back==2.0'));
  });

  test('uv lock, sync and add: a range falls back, what is held says why', async () => {
    await project('wants-any');
    passes(await uv('lock'), 'Resolved 3 packages');
    assert.match(await lockfile(), /name = "falls-back"\nversion = "1\.1"/);
    passes(await uv('sync'), '+ falls-back==1.1');
    await project('falls-back==2.0');
    fails(await uv('lock'), 2, ...refused('falls-back==2.0'));
    fails(await uv('sync'), 2, ...refused('falls-back==2.0'));
    await project();
    fails(await uv('add', 'only-young'), 2, ...refused('only-young==1.0'));
    fails(await uv('add', 'wants-young'), 1, yanked());
    passes(await uv('add', 'falls-back'));
    assert.match(await workspace.read('pyproject.toml'), /"falls-back>=1\.1"/);
  });

  test('a held wheel beside one for every Python is neither chosen nor locked', async () => {
    await project('mixed-files');
    passes(await uv('sync'), '+ mixed-files==2.0');
    assert.doesNotMatch(await lockfile(), /cp311/);
    passes(await uv('pip', 'install', '--reinstall', 'mixed-files==2.0'), '~ mixed-files==2.0');
  });

  test('a lock with a held file says why it does not install', async () => {
    await project('falls-back');
    passes(await uv('lock'));
    const [, allowed, held] = await lab().page('falls-back');
    const young = (await lockfile())
      .replace('version = "1.1"', 'version = "2.0"')
      .replace(allowed!.url, held!.url)
      .replace(allowed!.hashes.sha256, held!.hashes.sha256);
    await workspace.write('uv.lock', young);
    fails(await uv('sync', '--frozen'), 2, 'Failed to download `falls-back==2.0`', ...refused('falls-back==2.0'));
    passes(await uv('export', '--frozen', '--format', 'pylock.toml', '-o', 'pylock.toml'));
    fails(await uv('pip', 'install', '-r', 'pylock.toml'), 2, ...refused('falls-back==2.0'));
  });

  test('names may be spelled in any way, with extras', async () => {
    passes(await uv('pip', 'install', 'SPELLED_oddly.here[more]'), '+ falls-back==1.1', '+ spelled-oddly-here==1.0');
  });

  test('an approval makes the same command pass', async () => {
    await project('let-in-for-uv==1.0');
    fails(await uv('sync'), 2, ...refused('let-in-for-uv==1.0'));
    await lab().decide('approve', 'let-in-for-uv==1.0');
    passes(await uv('sync'), '+ let-in-for-uv==1.0');
  });
}
