import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode } from '../../core/errors.ts';
import { replaceFile } from './replace-file.ts';

test('replaces bytes, and keeps mode and links', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'wheelgate-replace-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'r.txt');
  writeFileSync(path, 'before');
  chmodSync(path, 0o640);
  symlinkSync('r.txt', join(folder, 'link.txt'));
  await replaceFile(join(folder, 'link.txt'), Buffer.from('before'), Buffer.from('after'));
  assert.equal(readFileSync(path, 'utf8'), 'after');
  assert.equal(lstatSync(join(folder, 'link.txt')).isSymbolicLink(), true);
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o640);
  await assert.rejects(replaceFile(path, Buffer.from('before'), Buffer.from('x')), (error) =>
    hasCode(error, 'INPUT_UNREADABLE'),
  );
  await assert.rejects(replaceFile(join(folder, 'none'), Buffer.from(''), Buffer.from('x')), (error) =>
    hasCode(error, 'INPUT_UNREADABLE'),
  );
  assert.equal(readFileSync(path, 'utf8'), 'after');
  assert.deepEqual(readdirSync(folder).sort(), ['link.txt', 'r.txt'], 'nothing is left behind');
});
