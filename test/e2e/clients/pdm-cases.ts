import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { type ClientLab, fails, passes, type Workspace } from './client-lab.ts';
import { aPdmProject } from './projects.ts';

export function pdmCases(lab: () => ClientLab): void {
  let workspace: Workspace;
  let source: string;
  const pdm = (...args: readonly string[]) => workspace.pdm(...args);
  before(async () => {
    workspace = await lab().workspace();
    source = await lab().setup('pdm');
  });
  beforeEach(async () => {
    await workspace.reset();
    await project();
  });

  async function project(...requirements: readonly string[]): Promise<void> {
    await workspace.remove('pdm.lock');
    await workspace.write('pyproject.toml', aPdmProject(source, ...requirements));
  }
  const lockfile = () => workspace.read('pdm.lock');
  const refused = (release: string) => `Client error '403 Forbidden' for url '${lab().held(release).url}'`;

  test('pdm add: a range falls back, what is held says why in the URL', async () => {
    passes(await pdm('add', 'wants-any'), 'Install falls-back 1.1 successful');
    fails(await pdm('add', 'falls-back==2.0'), 1, refused('falls-back==2.0'));
    fails(await pdm('add', 'only-young'), 1, refused('only-young==1.0'));
  });

  test('malware says what it is', async () => {
    const url = `${lab().gate.url}/r/reported-bad/1.0?refused=blocked-by-Wheelgate-reported-as-malware-MAL-2026-4711`;
    fails(await pdm('add', 'reported-bad'), 1, `'403 Forbidden' for url '${url}'`);
  });

  test('dependencies are found where the upstream lists no digest of the metadata', async () => {
    passes(await pdm('add', 'plain-listing'), 'Install falls-back 1.1 successful');
  });

  test('pdm lock and sync: a range falls back, a lock with a held file says why', async () => {
    await project('falls-back', 'mixed-files', 'SPELLED_oddly.here[more]');
    passes(await pdm('lock'), 'Lock successful');
    const locked = await lockfile();
    assert.match(locked, /name = "falls-back"\nversion = "1\.1"/);
    assert.doesNotMatch(locked, /cp311/);
    passes(await pdm('sync'), 'Install falls-back 1.1 successful', 'Install mixed-files 2.0 successful');
    await workspace.reset();
    await project('falls-back');
    passes(await pdm('lock'));
    const [, allowed, held] = await lab().page('falls-back');
    const young = (await lockfile())
      .replace('version = "1.1"', 'version = "2.0"')
      .replace(allowed!.filename, held!.filename)
      .replace(allowed!.hashes.sha256, held!.hashes.sha256);
    await workspace.write('pdm.lock', young);
    fails(await pdm('sync'), 1, refused('falls-back==2.0'));
  });

  test('an approval makes the same command pass', async () => {
    fails(await pdm('add', 'let-in-for-pdm==1.0'), 1, refused('let-in-for-pdm==1.0'));
    await lab().decide('approve', 'let-in-for-pdm==1.0');
    passes(await pdm('add', 'let-in-for-pdm==1.0'), 'Install let-in-for-pdm 1.0 successful');
  });
}
