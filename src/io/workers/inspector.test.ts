import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { aWheel, aWheelName } from '../../../test/builders/a-wheel.ts';
import { createInspector } from './inspector.ts';

/** Does what the file name says. */
const WORKER = `
export default async function ({ filename }) {
  if (filename === 'hang') for (;;);
  if (filename === 'exit') process.exit(3);
  if (filename === 'throw') throw new TypeError('of no interest to users');
  if (filename === 'eat') for (const eaten = []; ; ) eaten.push(new Array(1e5).fill(eaten.length));
  if (filename === 'nap') await new Promise((resolve) => setTimeout(resolve, 800));
  return { filename };
}`;

let folder: string;
let worker: URL;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-inspector-'));
  worker = pathToFileURL(join(folder, 'worker.mjs'));
  await writeFile(worker, WORKER);
});
after(() => rm(folder, { recursive: true }));

const memory = { maxMemoryBytes: 64 * 2 ** 20 };

test('a wheel on disk is inspected in a thread and what is found is plain data', async () => {
  const inspector = createInspector({ ...memory, deadlineMs: 60_000, threads: 1 });
  const path = join(folder, 'blob');
  await writeFile(path, aWheel({ files: { 'demo.pth': 'import os\n' } }));
  const { seconds, ...inspection } = await inspector.inspect(path, aWheelName());
  await inspector.close();
  const metadata = 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0.0\n\ndemo does nothing.\n';
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  assert.ok(seconds > 0);
  assert.deepEqual(inspection, {
    findings: [],
    complete: true,
    declared: { name: 'demo', version: '1.0.0' },
    metadata: { base64: Buffer.from(metadata).toString('base64'), sha256: sha256(metadata) },
    startupHooks: [{ file: 'demo.pth', sha256: sha256('import os\n'), runsCode: true }],
    nativeFiles: [],
  });
});

test('a file that cannot be opened is a failed inspection', async () => {
  const inspector = createInspector({ ...memory, deadlineMs: 60_000, threads: 1 });
  await assert.rejects(inspector.inspect(join(folder, 'none'), aWheelName()), { code: 'INSPECTION_FAILED' });
  await inspector.close();
});

for (const [filename, why, message, deadlineMs] of [
  ['hang', 'takes longer than its deadline', 'the inspection took longer than 3 s', 3000],
  ['eat', 'needs too much memory', 'the inspection needed more memory than it may', 60_000],
  ['exit', 'ends its thread', 'the inspection failed', 60_000],
  ['throw', 'throws', 'the inspection failed', 60_000],
] as const) {
  test(`an inspection that ${why} fails, and the next one works`, async () => {
    const inspector = createInspector({ ...memory, deadlineMs, threads: 1, worker });
    await assert.rejects(inspector.inspect('', filename), { code: 'INSPECTION_FAILED', message });
    assert.deepEqual(await inspector.inspect('', 'fine'), { filename: 'fine' });
    await inspector.close();
  });
}

test('the deadline of a file begins when its turn comes', async () => {
  const inspector = createInspector({ ...memory, deadlineMs: 2500, threads: 1, worker });
  const naps = Array.from({ length: 4 }, () => 'nap');
  const inspected = await Promise.all(naps.map((name) => inspector.inspect('', name)));
  await inspector.close();
  assert.equal(inspected.length, naps.length);
});
