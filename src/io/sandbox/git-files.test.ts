import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode } from '../../core/errors.ts';
import { openGitFiles } from './git-files.ts';

const hasGit = spawnSync('git', ['--version']).status === 0;

test('reads the files of a commit by the paths of the working folder', { skip: !hasGit && 'no git here' }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'wheelgate-git-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: readonly string[]) => {
    const settings = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    assert.equal(spawnSync('git', [...settings, ...args], { cwd: folder }).status, 0, args.join(' '));
  };
  git('init', '-q');
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'sub', 'r ü.txt'), 'six==1.0\r\n');
  git('add', '.');
  git('commit', '-q', '-m', 'x');
  git('tag', 'v1');
  writeFileSync(join(folder, 'sub', 'r ü.txt'), 'six==2.0\n');
  writeFileSync(join(folder, 'new.txt'), 'new==1.0\n');

  const files = openGitFiles('v1', folder, () => undefined);
  assert.equal(Buffer.from(files.read('sub/r ü.txt')).toString(), 'six==1.0\r\n');
  assert.equal(Buffer.from(files.read(join(folder, 'sub', 'r ü.txt'))).toString(), 'six==1.0\r\n');
  const below = openGitFiles('v1', join(folder, 'sub'), () => undefined);
  assert.equal(Buffer.from(below.read('./r ü.txt')).toString(), 'six==1.0\r\n', 'from a folder inside');
  assert.deepEqual(files.listEntries('.'), [{ name: 'sub', kind: 'folder' }]);
  assert.deepEqual(files.listEntries('sub'), [{ name: 'r ü.txt', kind: 'file' }]);
  assert.equal(files.listEntries('sub/r ü.txt'), undefined);
  assert.deepEqual([files.isThere('sub'), files.isThere('new.txt')], [true, false]);
  assert.throws(
    () => files.read('new.txt'),
    (error) => hasCode(error, 'INPUT_UNREADABLE'),
  );
  for (const ref of ['none', '--help', '', 'v1:sub', `v1"; touch x`]) {
    assert.throws(
      () => openGitFiles(ref, folder, () => undefined),
      (error) => hasCode(error, 'USAGE'),
      ref,
    );
  }
  assert.throws(
    () => openGitFiles('v1', tmpdir(), () => undefined),
    (error) => hasCode(error, 'USAGE'),
  );
});
