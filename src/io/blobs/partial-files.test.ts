import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { newPartialPath, preparePartialFolder } from './partial-files.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-partial-'));
after(() => rm(root, { recursive: true, force: true }));

const DAY_MS = 24 * 3_600_000;
const OURS = basename(newPartialPath(root));
const [host, pid, token] = OURS.split('.') as [string, string, string, string];
/** A process id that was just given back. */
const deadPid = String(spawnSync(process.execPath, ['-e', '']).pid);

for (const [why, name, now, kept] of [
  ['keeps a file of this process', OURS, Date.now(), true],
  ['keeps it however old it is', OURS, Date.now() + 9 * DAY_MS, true],
  ['keeps a file of another process that lives', `${host}.${process.ppid}.${token}.1`, Date.now(), true],
  ['removes a file of a process that is gone', `${host}.${deadPid}.${token}.1`, Date.now(), false],
  [
    'removes a file of an earlier process with our id, as in a restarted container',
    `${host}.${pid}.${'0'.repeat(12)}.1`,
    Date.now(),
    false,
  ],
  ['keeps a young file of another machine', `ff${host}.1.${token}.1`, Date.now(), true],
  ['removes an old file of another machine', `ff${host}.1.${token}.1`, Date.now() + 2 * DAY_MS, false],
  ['keeps a young file with a name we do not know', 'note.txt', Date.now(), true],
] as const) {
  test(why, async () => {
    const folder = await mkdtemp(join(root, 'partial-'));
    await writeFile(join(folder, name), 'x');
    await preparePartialFolder(folder, now);
    assert.deepEqual(await readdir(folder), kept ? [name] : []);
  });
}

test('never gives the same path twice', () => {
  assert.equal(new Set(Array.from({ length: 100 }, () => newPartialPath(root))).size, 100);
});
