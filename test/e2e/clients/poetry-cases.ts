import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { type ClientLab, fails, passes, type Workspace } from './client-lab.ts';
import { aPoetryProject } from './projects.ts';

export function poetryCases(lab: () => ClientLab): void {
  let workspace: Workspace;
  let source: string;
  const poetry = (...args: readonly string[]) => workspace.poetry(...args);
  before(async () => {
    workspace = await lab().workspace();
    source = await lab().setup('poetry');
  });
  beforeEach(async () => {
    await workspace.reset();
    await project();
  });

  async function project(...requirements: readonly string[]): Promise<void> {
    await workspace.remove('poetry.lock');
    await workspace.write('pyproject.toml', aPoetryProject(source, ...requirements));
  }
  const lockfile = () => workspace.read('poetry.lock');
  const refused = (release: string) =>
    `403 Client Error: ${lab().held(release).phrase} for url: ${lab().gate.url}/packages/`;

  test('poetry add: a range falls back, what is held says why', async () => {
    passes(await poetry('add', 'wants-any'), 'Installing falls-back (1.1)', 'Installing wants-any (1.0)');
    fails(await poetry('add', 'falls-back==2.0'), 1, refused('falls-back==2.0'));
    fails(await poetry('add', 'only-young'), 1, refused('only-young==1.0'));
  });

  test('malware says what it is', async () => {
    const said = 'blocked by Wheelgate: reported as malware: MAL-2026-4711';
    fails(await poetry('add', 'reported-bad'), 1, `${said}; ${lab().gate.url}/r/reported-bad/1.0 for url`);
  });

  test('poetry lock and install: a range falls back, a lock with a held file says why', async () => {
    await project('falls-back', 'mixed-files', 'SPELLED_oddly.here[more]');
    passes(await poetry('lock'), 'Writing lock file');
    const locked = await lockfile();
    assert.match(locked, /name = "falls-back"\nversion = "1\.1"/);
    assert.doesNotMatch(locked, /cp311/);
    passes(await poetry('install'), 'Installing falls-back (1.1)', 'Installing mixed-files (2.0)');
    await project('falls-back');
    const [, allowed, held] = await lab().page('falls-back');
    passes(await poetry('lock'));
    const young = (await lockfile())
      .replace('version = "1.1"', 'version = "2.0"')
      .replace(allowed!.filename, held!.filename)
      .replace(allowed!.hashes.sha256, held!.hashes.sha256);
    await workspace.write('poetry.lock', young);
    fails(await poetry('install'), 1, refused('falls-back==2.0'));
  });

  test('an approval makes the same command pass', async () => {
    fails(await poetry('add', 'let-in-for-poetry==1.0'), 1, refused('let-in-for-poetry==1.0'));
    await lab().decide('approve', 'let-in-for-poetry==1.0');
    passes(await poetry('add', 'let-in-for-poetry==1.0'), 'Installing let-in-for-poetry (1.0)');
  });
}
