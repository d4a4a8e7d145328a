import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '../../../src/io/store/sqlite-store.ts';
import { startFakeIndex } from '../../fakes/fake-index.ts';
import { startGate } from '../start-gate.ts';
import { addWheel, ask, assertBlobs, assertSound, assertUnavailable, eventually } from './lab.ts';

/** Takes all the space that is left. */
async function fill(path: string): Promise<void> {
  const handle = await open(path, 'w');
  try {
    for (let size = 1 << 20; size >= 1; size >>= 2) {
      const block = Buffer.alloc(size);
      while (await handle.write(block).then(({ bytesWritten }) => bytesWritten === size, isFull));
    }
  } finally {
    await handle.close();
  }
}

function isFull(error: NodeJS.ErrnoException): false {
  assert.equal(error.code, 'ENOSPC');
  return false;
}

/**
 * DESIGN section 11, row "disk full": what was approved is served, what is new fails cleanly, nothing is half-visible, and
 * when there is room again everything goes on, with all that happened in the audit log.
 * @param folder on a small disk of its own
 * @returns how many files were served while it was full
 */
export async function tellOfAFullDisk(folder: string): Promise<number> {
  const upstream = await startFakeIndex();
  const known = addWheel(upstream, { project: 'alpha', version: '1.0' });
  const unseen = addWheel(upstream, {
    project: 'beta',
    version: '1.0',
    files: { 'beta/data.bin': randomBytes(900_000) },
  });
  const data = join(folder, 'data');
  const gate = await startGate({ upstream: upstream.simpleUrl, data });
  const approved = ['/simple/alpha/', `${known}.metadata`, known];
  let served = 0;
  const assertServed = async (paths: readonly string[]) => {
    for (const path of paths) {
      const { status, said } = await ask(gate, path);
      assert.equal(status, 200, `${path}: ${said}`);
      if (path === known || path === unseen) served++;
    }
  };
  await assertServed(approved);
  // Until its events are on the disk.
  await sleep(1_000);
  const filler = join(folder, 'filler');
  await fill(filler);

  const before = served;
  for (let round = 0; round < 3; round++) {
    await assertServed(approved);
    for (const path of [unseen, `${unseen}.metadata`]) {
      assertUnavailable(await ask(gate, path), /disk of the data folder is full/);
    }
    // The little that a page needs may fit into files that are there.
    const page = await ask(gate, '/simple/beta/');
    if (page.status !== 200) assertUnavailable(page, /disk of the data folder is full/);
    await sleep(500);
  }
  const servedWhileFull = served - before;
  assert.deepEqual(await readdir(join(data, 'partial')), [], 'half a file was left');
  assert.equal(await assertBlobs(data), 1, 'something else became visible');
  assert.equal(gate.process.exitCode, null, gate.output());

  await rm(filler);
  await eventually(async () => (await ask(gate, unseen)).status === 200, 'a new file after there was room again');
  served++;
  await assertServed(['/simple/beta/', ...approved]);
  assert.equal(await gate.stop(), 0, gate.output());
  await assertSound(data, upstream.simpleUrl);
  const store = await openSqliteStore(join(data, 'wheelgate.db'));
  const events = await store.audit.read({ limit: 10_000 });
  await store.close();
  assert.equal(events.filter(({ type }) => type === 'file.served').length, served, 'serves are missing from the log');
  assert.equal(events.at(-1)?.type, 'server.stopped');
  await upstream.stop();
  return servedWhileFull;
}
