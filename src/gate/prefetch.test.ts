import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate, type TestGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName, type WheelOver } from '../../test/builders/a-wheel.ts';
import { daysAgo } from '../../test/builders/an-evidence.ts';
import type { UpstreamFileOver } from '../../test/fakes/fake-upstream.ts';
import { isPending } from '../core/policy/verdict.ts';
import { linuxPlatforms } from '../core/python/platform-tags.ts';
import type { WheelTarget } from '../core/python/rank-wheel.ts';
import type { DecidedProject } from './decide-project.ts';
import { createPrefetch, likeliestFile } from './prefetch.ts';

const target: WheelTarget = {
  python: [3, 12],
  implementation: 'cpython',
  platforms: linuxPlatforms('x86_64', { name: 'glibc', version: [2, 36] }),
};

function addWheel(gate: TestGate, options: WheelOver, over: UpstreamFileOver = {}): void {
  gate.upstream.addFile(options.project ?? 'demo', aWheelName(options), aWheel(options), over);
}

async function decided(gate: TestGate, project = 'demo'): Promise<DecidedProject> {
  const found = await gate.decideProject(project);
  assert.ok(typeof found !== 'string');
  return found;
}

type Listed = readonly [version: string, tag?: string, over?: UpstreamFileOver];

const cases: readonly (readonly [why: string, wheels: readonly Listed[], expected: string | undefined])[] = [
  ['the newest release', [['1.0'], ['1.10'], ['1.9']], '1.10-py3-none-any'],
  [
    'the wheel that fits best',
    [['1.0'], ['1.0', 'cp312-cp312-manylinux_2_17_x86_64']],
    '1.0-cp312-cp312-manylinux_2_17_x86_64',
  ],
  ['no wheel for another platform', [['1.0'], ['2.0', 'cp312-cp312-win_amd64']], '1.0-py3-none-any'],
  ['no pre-release', [['1.0'], ['2.0rc1']], '1.0-py3-none-any'],
  ['no held release', [['1.0'], ['2.0', 'py3-none-any', { uploadTime: daysAgo(1) }]], '1.0-py3-none-any'],
  ['no yanked release', [['1.0'], ['2.0', 'py3-none-any', { yanked: 'broken' }]], '1.0-py3-none-any'],
  ['nothing where nothing fits', [['1.0', 'cp312-cp312-win_amd64']], undefined],
];
for (const [why, wheels, expected] of cases) {
  test(`the likeliest file: ${why}`, async () => {
    const gate = await aGate();
    for (const [version, tag = 'py3-none-any', over = {}] of wheels) addWheel(gate, { version, tag }, over);
    const found = likeliestFile((await decided(gate)).files, target)?.file.filename;
    assert.equal(found, expected && `demo-${expected}.whl`);
  });
}

test('the file is inspected before anybody asks for it', async () => {
  const gate = await aGate();
  addWheel(gate, { version: '1.0' });
  const prefetch = createPrefetch(gate.judge.prepare);
  prefetch(await decided(gate), target);
  const file = (await decided(gate)).files[0]!;
  assert.equal((await gate.serve(file.file)).kind, 'file');
  assert.equal(gate.upstream.count('openFile'), 1);
  prefetch(await decided(gate), target);
  assert.equal(gate.upstream.count('openFile'), 1, 'what was inspected is not fetched again');
});

test('a project is not in use because its page was looked at: an update still waits as that of a new project', async () => {
  const gate = await aGate();
  addWheel(gate, { version: '1.0' });
  addWheel(gate, { version: '1.1' }, { uploadTime: daysAgo(5) });
  const isUpdateOffered = async () => isPending((await decided(gate)).files[1]!.verdict);
  const [old] = (await decided(gate)).files;
  await gate.judge.prepare(old!);
  assert.equal(await isUpdateOffered(), false);
  await gate.serve(old!.file);
  assert.equal(await isUpdateOffered(), true, 'somebody installed it: an update waits three days only');
});

test('two run ahead at once, the others are dropped, and failures make room again', async () => {
  const gate = await aGate();
  const names = ['alpha', 'beta', 'gamma'];
  for (const project of names) addWheel(gate, { project, version: '1.0' });
  let running: Promise<unknown>[] = [];
  const prefetch = createPrefetch((file) => {
    const work = gate.judge.prepare(file);
    running.push(work);
    return work;
  });
  const pages = await Promise.all(names.map((name) => decided(gate, name)));
  gate.faults.failAlways('blobs.receive');
  const release = gate.upstream.hang('openFile');
  for (const page of pages) prefetch(page, target);
  assert.equal(running.length, 2);
  release();
  await Promise.allSettled(running);
  running = [];
  gate.faults.heal();
  prefetch(pages[2]!, target);
  assert.equal(running.length, 1);
  await Promise.all(running);
});
