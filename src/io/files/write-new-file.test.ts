import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeNewFile } from './write-new-file.ts';

test('writes a file once, for whom it should be, in a folder that it makes only when told to', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'wheelgate-new-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const key = join(folder, 'key.pem');
  await writeNewFile(key, 'secret', { mode: 0o600 });
  if (process.platform !== 'win32') assert.equal(statSync(key).mode & 0o777, 0o600);
  await assert.rejects(writeNewFile(key, 'other'), { code: 'INPUT_UNREADABLE', message: /is there already/ });
  assert.equal(readFileSync(key, 'utf8'), 'secret');

  const inner = join(folder, 'a', 'b', 'report.md');
  await assert.rejects(writeNewFile(inner, 'x'), { code: 'INPUT_UNREADABLE', message: /cannot be written/ });
  await writeNewFile(inner, Buffer.from('x'), { makeFolders: true });
  assert.equal(readFileSync(inner, 'utf8'), 'x');
  await assert.rejects(writeNewFile(join(key, 'below', 'a', 'file'), 'x', { makeFolders: true }), {
    code: 'INPUT_UNREADABLE',
  });
});
