import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate, type GateOver, type TestGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { anAdvisory } from '../../test/builders/an-advisory.ts';
import { anInspection, NOW } from '../../test/builders/an-evidence.ts';
import { injected } from '../../test/fakes/faults.ts';
import { verifyChain } from '../core/audit/chain.ts';
import type { IndexFile } from '../core/index/page.ts';
import { parseProjectName } from '../core/python/name.ts';
import { parseSha256 } from '../core/sha256.ts';

// Invariant 2: errors and missing evidence never yield allow. Like SQLite's tests of I/O errors: the same story is told
// again and again, and each time the next one of its calls to a port fails.

const filename = aWheelName({ version: '1.0' });
const metadata = { base64: 'TmFtZTogZGVtbwo=', sha256: parseSha256('b'.repeat(64)) };

const AGE_IGNORED = '[rules.cooldown]\nunknown_age = "ignore"';

type Case = {
  readonly why: string;
  /** Whether a gate without faults serves the file. */
  readonly isGood: boolean;
  readonly over?: GateOver;
  /** Makes the file bad, if it is. */
  prepare(gate: TestGate): Promise<void> | void;
};

const cases: readonly Case[] = [
  { why: 'a good file', isGood: true, prepare: (gate) => gate.inspector.set(filename, anInspection({ metadata })) },
  { why: 'a good file without an upload time', isGood: true, over: { policy: AGE_IGNORED }, prepare: withoutTime },
  {
    why: 'a file with a bad archive',
    isGood: false,
    prepare(gate) {
      const finding = { rule: 'archive', code: 'x', effect: 'block', message: 'lies' } as const;
      gate.inspector.set(filename, anInspection({ findings: [finding], metadata }));
    },
  },
  {
    why: 'a known malicious release',
    isGood: false,
    async prepare(gate) {
      const status = { source: 'news', importedAt: NOW.toISOString(), validators: {} };
      const put = [anAdvisory({ id: 'MAL-2026-1', kind: 'malware' })];
      await gate.store.advisories.apply({ status, put, remove: [] }, []);
    },
  },
  {
    why: 'a young file, dated by its upstream',
    isGood: false,
    prepare(gate) {
      withoutTime(gate);
      gate.upstream.modified.set(filename, NOW);
    },
  },
  { why: 'a young file, dated by our first sight', isGood: false, prepare: withoutTime },
  { why: 'a quarantined project', isGood: false, prepare: (gate) => gate.upstream.setStatus('demo', 'quarantined') },
  {
    why: 'other bytes than promised',
    isGood: false,
    prepare: (gate) => gate.upstream.setBytes(gate.upstream.addFile('demo', filename, aWheel()), Buffer.from('other')),
  },
];

function withoutTime(gate: Pick<TestGate, 'upstream'>): void {
  gate.upstream.addFile('demo', filename, aWheel({ version: '1.0' }), { uploadTime: undefined });
}

async function start({ over, prepare }: Case): Promise<{ gate: TestGate; file: IndexFile }> {
  const gate = await aGate(over);
  gate.upstream.addFile('demo', filename, aWheel({ version: '1.0' }));
  await prepare(gate);
  await gate.refresh();
  const answer = await gate.upstream.readPage('demo');
  assert.ok(answer.kind === 'page');
  return { gate, file: answer.page.files[0]! };
}

/** What a client does: the page, the metadata, the file. @returns what it got, or the error where it stopped */
async function install(gate: TestGate, file: IndexFile): Promise<readonly string[] | Error> {
  const got: string[] = [];
  try {
    await gate.page('demo');
    for (const part of ['metadata', 'file', 'provenance'] as const) got.push((await gate.serve(file, { part })).kind);
    return got;
  } catch (error) {
    assert.ok(error instanceof Error);
    return got.some(isServed) ? got : error;
  }
}

const isServed = (kind: string) => kind === 'file' || kind === 'metadata' || kind === 'provenance';

for (const one of cases) {
  test(`no failing port lets in what a working one keeps out, and none breaks the gate: ${one.why}`, async () => {
    const { gate: whole, file: wholeFile } = await start(one);
    const told = whole.faults.calls.length;
    const outcome = await install(whole, wholeFile);
    assert.ok(!(outcome instanceof Error), String(outcome));
    assert.equal(outcome.some(isServed), one.isGood, 'the story itself is wrong');
    const calls = whole.faults.calls.slice(told);
    for (const [nth, call] of calls.entries()) {
      const { gate, file } = await start(one);
      gate.faults.failOnly(nth);
      const got = await install(gate, file);
      if (!(got instanceof Error)) assert.ok(one.isGood || !got.some(isServed), `${call} failed and let the file in`);
      gate.faults.heal();
      const again = await install(gate, file);
      assert.ok(!(again instanceof Error), `the gate did not recover from ${call}: ${again}`);
      assert.equal(again.includes('file'), one.isGood, `after ${call}: ${again}`);
      await assertSound(gate, file);
    }
  });
}

/** Nothing served without a verdict on record, no verdict without its event, and a log that verifies. */
async function assertSound(gate: TestGate, file: IndexFile): Promise<void> {
  await gate.audit.flush();
  const events = await gate.store.audit.read({ limit: 1_000 });
  assert.equal((await verifyChain(events)).ok, true);
  const verdict = await gate.store.verdicts.find('default', file.sha256!);
  if (events.some(({ type }) => type === 'file.served')) assert.equal(verdict?.verdict.kind, 'allow');
  const recorded = events.filter(({ type }) => type === 'verdict.recorded');
  assert.equal(recorded.length > 0, verdict !== undefined);
}

test('every method of every port that a request uses was made to fail', async () => {
  const called = new Set<string>();
  for (const one of cases) {
    const { gate, file } = await start(one);
    await install(gate, file);
    await gate.blobs.remove(file.sha256!);
    await install(gate, file);
    await gate.audit.flush();
    for (const call of gate.faults.calls) called.add(call);
  }
  for (const needed of [
    'upstream.readPage',
    'upstream.openFile',
    'upstream.lastModified',
    'store.pages.find',
    'store.pages.put',
    'store.files.put',
    'store.files.findByPath',
    'store.files.findByProject',
    'store.fileTimes.find',
    'store.fileTimes.put',
    'store.inspections.find',
    'store.inspections.put',
    'store.verdicts.find',
    'store.verdicts.record',
    'store.advisories.projects',
    'store.advisories.findByProject',
    'store.advisories.statuses',
    'store.audit.append',
    'blobs.size',
    'blobs.receive',
    'blobs.withLocalFile',
    'inspector.inspect',
  ]) {
    assert.ok(called.has(needed), `${needed} is not part of the story any more`);
  }
});

test('facts that cannot be read stop a gate from opening, and those that were read stay in force', async () => {
  const { gate } = await start(cases[0]!);
  gate.faults.failAlways('store.facts.after');
  const fact = { id: 'f', kind: 'denial', project: parseProjectName('demo'), reason: '', actor: '', at: NOW } as const;
  await gate.store.facts.append([{ ...fact, policyRevision: '' }], []);
  await assert.rejects(gate.refresh(), injected);
  await assert.rejects(gate.refresh(), injected, 'a failed reading must not count as read');
  gate.faults.heal();
  await gate.refresh();
  const decided = await gate.decideProject('demo');
  assert.ok(typeof decided !== 'string');
  assert.equal(decided.files[0]!.verdict.kind, 'block');
});
