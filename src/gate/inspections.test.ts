import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anInspection, NOW } from '../../test/builders/an-evidence.ts';
import { FakeInspector } from '../../test/fakes/fake-inspector.ts';
import { createMemoryBlobs } from '../../test/fakes/memory-blobs.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import { WheelgateError } from '../core/errors.ts';
import { createInspections } from './inspections.ts';

const FILENAME = 'demo-1.0-py3-none-any.whl';
const crash = new WheelgateError('INSPECTION_FAILED', 'the inspection failed', 'Look.');

async function aFile() {
  const store = createMemoryStore().inspections;
  const blobs = createMemoryBlobs();
  const inspector = new FakeInspector();
  async function* body() {
    yield Buffer.from('bytes');
  }
  const { sha256 } = await blobs.receive(body(), { maxBytes: 100 });
  const time = { now: NOW };
  const open = () => createInspections({ store, blobs, inspector, clock: () => time.now });
  return { store, blobs, inspector, time, sha256, open, inspections: open() };
}

test('a file is inspected once, however many ask and whatever restarts', async () => {
  const { inspections, inspector, sha256, open } = await aFile();
  assert.equal(await inspections.find(sha256), undefined);
  await Promise.all(Array.from({ length: 20 }, () => inspections.inspect(sha256, FILENAME)));
  const found = await open().inspect(sha256, FILENAME);
  assert.deepEqual(found, anInspection());
  assert.equal(inspector.calls.length, 1);
});

test('another engine inspects again', async () => {
  const { inspections, inspector, sha256, open } = await aFile();
  await inspections.inspect(sha256, FILENAME);
  inspector.engine = 'fake-2';
  assert.equal(await open().find(sha256), undefined);
  await open().inspect(sha256, FILENAME);
  assert.equal(inspector.calls.length, 2);
});

test('a crash, time-out or memory limit holds, and is not remembered beyond this process', async () => {
  const { inspections, inspector, sha256, open, store } = await aFile();
  inspector.set(FILENAME, crash);
  const failed = await inspections.inspect(sha256, FILENAME);
  assert.deepEqual([failed.complete, failed.findings[0]?.code, failed.findings[0]?.effect], [false, 'error', 'hold']);
  assert.equal(await inspections.find(sha256), failed);
  assert.equal(await store.find(sha256, inspector.engine), undefined);
  inspector.set(FILENAME, anInspection());
  assert.equal((await open().inspect(sha256, FILENAME)).complete, true);
});

test('a failed inspection is tried again after some minutes', async () => {
  const { inspections, inspector, sha256, time } = await aFile();
  inspector.set(FILENAME, crash);
  await inspections.inspect(sha256, FILENAME);
  inspector.set(FILENAME, anInspection());
  time.now = new Date(NOW.getTime() + 9 * 60_000);
  assert.equal((await inspections.inspect(sha256, FILENAME)).complete, false);
  time.now = new Date(NOW.getTime() + 11 * 60_000);
  assert.equal((await inspections.inspect(sha256, FILENAME)).complete, true);
});

test('any other failure is one of the gate, not of the file', async () => {
  const { inspections, inspector, sha256, blobs } = await aFile();
  inspector.set(FILENAME, new Error('a bug'));
  await assert.rejects(inspections.inspect(sha256, FILENAME), /a bug/);
  assert.equal(await inspections.find(sha256), undefined);
  await blobs.remove(sha256);
  await assert.rejects(inspections.inspect(sha256, FILENAME), { code: 'NOT_FOUND' });
});
