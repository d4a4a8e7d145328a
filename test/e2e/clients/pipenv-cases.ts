import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { type ClientLab, fails, passes, type Workspace } from './client-lab.ts';

export function pipenvCases(lab: () => ClientLab): void {
  let workspace: Workspace;
  let source: string;
  const pipenv = (...args: readonly string[]) => workspace.pipenv(...args);
  before(async () => {
    workspace = await lab().workspace();
    source = await lab().setup('pipenv');
  });
  beforeEach(async () => {
    await workspace.reset();
    await workspace.remove('Pipfile.lock');
    await workspace.write('Pipfile', `${source}\n[packages]\n`);
  });

  const refused = (release: string) =>
    `403 Client Error: ${lab().held(release).phrase} for url: ${lab().gate.url}/packages/`;

  test('pipenv install: a range falls back, what is held says why, and so does a lock', async () => {
    passes(await pipenv('install', 'wants-any', 'mixed-files'));
    const locked = await workspace.read('Pipfile.lock');
    const [, allowed, held] = await lab().page('falls-back');
    const versionOf = JSON.parse(locked).default['falls-back'];
    assert.deepEqual([versionOf.version, versionOf.hashes], ['==1.1', [`sha256:${allowed!.hashes.sha256}`]]);
    assert.equal(JSON.parse(locked).default['mixed-files'].hashes.length, 1);
    fails(await pipenv('install', 'falls-back==2.0'), 1, refused('falls-back==2.0'));
    await workspace.reset();
    await workspace.write(
      'Pipfile.lock',
      locked.replace('==1.1', '==2.0').replace(allowed!.hashes.sha256, held!.hashes.sha256),
    );
    fails(await pipenv('sync'), 1, refused('falls-back==2.0'));
  });

  test('an approval makes the same command pass', async () => {
    fails(await pipenv('install', 'let-in-for-pipenv==1.0'), 1, refused('let-in-for-pipenv==1.0'));
    await lab().decide('approve', 'let-in-for-pipenv==1.0');
    passes(await pipenv('install', 'let-in-for-pipenv==1.0'));
  });
}
