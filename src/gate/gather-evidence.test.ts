import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate, type TestGate } from '../../test/builders/a-gate.ts';
import { aSdist, aSdistName } from '../../test/builders/a-sdist.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { aBehaviour, aBehaviourFinding, anInspection } from '../../test/builders/an-evidence.ts';
import { packPythonMembers } from '../core/archive/python-members.ts';
import type { IndexFile } from '../core/index/page.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';

const FILE = 'demo/__init__.py';
const POLICY = '[rules]\nsource-build = { effect = "note" }';
const acting = aBehaviour({
  units: [{ name: FILE, evidence: 2, findings: [aBehaviourFinding({ file: FILE })] }],
});

/** An inspection of a distribution with one Python file, whose content the letter stands for. */
function holding(path: string, letter: string, behaviour = acting) {
  const pythonMembers = packPythonMembers([{ path, sha256: parseSha256(letter.repeat(64)) }]);
  return anInspection({ behaviour, pythonMembers });
}

/** A gate with a wheel whose only module acts, and an sdist of the release that has another module. */
async function aRelease(wheelVersion = '1.0', sdistVersion = '1.0') {
  const gate = await aGate({ policy: POLICY });
  const wheelName = aWheelName({ version: wheelVersion });
  const sdistName = aSdistName({ version: sdistVersion });
  gate.inspector.set(wheelName, holding(FILE, 'b'));
  gate.inspector.set(sdistName, holding(`demo-${sdistVersion}/${FILE}`, 'a', aBehaviour()));
  const wheel = gate.upstream.addFile('demo', wheelName, aWheel({ version: wheelVersion }));
  const sdist = gate.upstream.addFile('demo', sdistName, aSdist({ version: sdistVersion }));
  return { gate, wheel, sdist };
}

/** What the rule says of a file now: its effects. */
async function said(gate: TestGate, { filename }: IndexFile): Promise<readonly string[]> {
  const decided = await gate.decideProject('demo');
  assert.ok(typeof decided !== 'string');
  const reasons = decided.files.find(({ file }) => file.filename === filename)?.verdict.reasons ?? [];
  return reasons.filter(({ rule }) => rule === 'sdist-difference').map(({ effect }) => effect);
}

for (const [why, sdistVersion] of [
  ['the sdist', '1.0'],
  ['the sdist, whose version is written otherwise', '1.0.0'],
] as const) {
  test(`a wheel is compared with ${why}, whichever came first`, async () => {
    const first = await aRelease('1.0', sdistVersion);
    assert.equal((await first.gate.serve(first.sdist)).kind, 'file');
    assert.equal((await first.gate.serve(first.wheel)).kind, 'refused');
    assert.deepEqual(await said(first.gate, first.wheel), ['hold']);

    const second = await aRelease('1.0', sdistVersion);
    assert.equal((await second.gate.serve(second.wheel)).kind, 'file');
    assert.equal((await second.gate.serve(second.sdist)).kind, 'file');
    assert.deepEqual(await said(second.gate, second.wheel), ['hold']);
    assert.equal((await second.gate.serve(second.wheel)).kind, 'refused');
  });
}

test('nothing is fetched to compare with, and then nothing is said', async () => {
  const { gate, wheel } = await aRelease();
  assert.equal((await gate.serve(wheel)).kind, 'file');
  assert.deepEqual(await said(gate, wheel), []);
  assert.equal(gate.upstream.count('openFile'), 1);
});

test('the sdist of another release is nothing to compare with', async () => {
  const { gate, wheel, sdist } = await aRelease('1.0', '1.1');
  await gate.serve(sdist);
  assert.equal((await gate.serve(wheel)).kind, 'file');
});

test('an sdist that another engine read is read again, from the bytes that are there', async () => {
  const { gate, wheel, sdist } = await aRelease();
  await gate.serve(sdist);
  gate.inspector.engine = 'fake-2';
  const again = await aGate({ policy: POLICY, store: gate.store, blobs: gate.blobs });
  again.inspector.engine = 'fake-2';
  again.inspector.set(wheel.filename, holding(FILE, 'b'));
  again.inspector.set(sdist.filename, holding(`demo-1.0/${FILE}`, 'a', aBehaviour()));
  for (const file of [wheel, sdist]) {
    const bytes = file === wheel ? aWheel({ version: '1.0' }) : aSdist({ version: '1.0' });
    again.upstream.addFile('demo', file.filename, bytes);
  }
  assert.equal((await again.serve(wheel)).kind, 'refused');
  assert.deepEqual([...again.inspector.calls].sort(), [wheel.filename, sdist.filename].sort());
  assert.equal(again.upstream.count('openFile'), 1, 'only the wheel had to be fetched');
});

test('inspections from before members were kept are still read, and compare with nothing', async () => {
  const { gate, wheel, sdist } = await aRelease();
  gate.inspector.set(sdist.filename, anInspection());
  await gate.serve(sdist);
  assert.equal((await gate.serve(wheel)).kind, 'file');
});

test('what is stored is compared too where the page cannot be had', async () => {
  const { gate, wheel, sdist } = await aRelease();
  await gate.serve(sdist);
  await gate.serve(wheel);
  const demo = parseProjectName('demo');
  const known = (await gate.store.files.findByProject(demo)).filter(({ file }) => file.filename === wheel.filename);
  const [decided] = await gate.decide.decideKnownFiles(gate.index, demo, gate.index.upstreams[0]!.upstream, known);
  assert.equal(decided?.verdict.kind, 'hold');
});
