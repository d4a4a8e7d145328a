import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate, type TestGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { anAdvisory } from '../../test/builders/an-advisory.ts';
import { aFact, daysAgo, NOW } from '../../test/builders/an-evidence.ts';
import type { UpstreamFileOver } from '../../test/fakes/fake-upstream.ts';
import { filePath } from '../core/index/file-path.ts';
import type { IndexFile } from '../core/index/page.ts';
import { parseProjectName } from '../core/python/name.ts';

const demo = parseProjectName('demo');
const DAY_MS = 86_400_000;

function addWheel({ upstream }: Pick<TestGate, 'upstream'>, version: string, over: UpstreamFileOver = {}): IndexFile {
  return upstream.addFile('demo', aWheelName({ version }), aWheel({ version }), over);
}

/** `1.0 allow`, `2.0 hold cooldown`, … in the order of the page. */
async function verdicts(gate: TestGate): Promise<string[]> {
  const decided = await gate.decideProject('demo');
  if (typeof decided === 'string') return [decided];
  return decided.files.map(({ name, verdict }) =>
    [name.rawVersion ?? name.filename, verdict.kind, verdict.reasons.find(({ effect }) => effect !== 'note')?.rule]
      .filter((word) => word !== undefined)
      .join(' '),
  );
}

test('what was never inspected is pending, what was is decided, what is young is held', async () => {
  const gate = await aGate();
  const old = addWheel(gate, '1.0');
  addWheel(gate, '1.1');
  addWheel(gate, '2.0', { uploadTime: daysAgo(1) });
  await gate.serve(old);
  assert.deepEqual(await verdicts(gate), ['1.0 allow', '1.1 hold evidence', '2.0 hold cooldown']);
});

for (const [why, filename] of [
  ['another project', 'other-1.0-py3-none-any.whl'],
  ['a path', '../demo-1.0-py3-none-any.whl'],
] as const) {
  test(`a file name that is no file of the project is left out: ${why}`, async () => {
    const gate = await aGate();
    addWheel(gate, '1.0');
    gate.upstream.addFile('demo', filename, Buffer.from('x'), { url: 'https://files.test/x' });
    assert.deepEqual(await verdicts(gate), ['1.0 hold evidence']);
  });
}

test('a version that PEP 440 does not accept is held: advisories could not match it', async () => {
  const gate = await aGate();
  const file = gate.upstream.addFile('demo', 'demo-1.0.final.x-py3-none-any.whl', Buffer.from('x'));
  assert.deepEqual(await verdicts(gate), ['1.0.final.x hold evidence']);
  assert.equal((await gate.serve(file)).kind, 'refused');
  assert.equal(gate.upstream.count('openFile'), 0);
});

test('an upstream that offers other bytes under a name we have: blocked, with an alarm, and ours is served', async () => {
  const gate = await aGate();
  const first = addWheel(gate, '1.0');
  assert.equal((await gate.serve(first)).kind, 'file');
  const second = gate.upstream.addFile('demo', first.filename, aWheel({ version: '1.0', files: { 'demo/x.py': '' } }));
  gate.time.now = new Date(NOW.getTime() + DAY_MS);
  assert.deepEqual(await verdicts(gate), ['1.0 allow']);
  assert.equal((await gate.serve(first)).kind, 'file');
  const refused = await gate.serve(second);
  assert.ok(refused.kind === 'refused');
  assert.match(refused.decided.verdict.reasons[0]!.message, /upstream changed the bytes under this file name/);
  assert.equal(gate.upstream.count('openFile'), 1, 'the changed file must not be downloaded');
  assert.deepEqual(gate.alarms, [filePath(first)]);
  assert.equal((await gate.events()).filter((event) => event.startsWith('upstream.changed-bytes')).length, 1);
});

test('a file that the upstream took away stays available, and is named', async () => {
  const gate = await aGate();
  const first = addWheel(gate, '1.0');
  addWheel(gate, '2.0');
  await gate.serve(first);
  gate.upstream.removeFile('demo', first.filename);
  gate.time.now = new Date(NOW.getTime() + DAY_MS);
  assert.deepEqual(await verdicts(gate), ['2.0 hold evidence', '1.0 allow']);
  assert.equal((await gate.serve(first)).kind, 'file');
});

test('a file that was taken away and is not allowed any more leaves the page, and its URL says why', async () => {
  const gate = await aGate();
  const first = addWheel(gate, '1.0');
  addWheel(gate, '2.0');
  await gate.serve(first);
  gate.upstream.removeFile('demo', first.filename);
  await gate.store.facts.append([aFact({ kind: 'denial', sha256: first.sha256! })], []);
  await gate.refresh();
  gate.time.now = new Date(NOW.getTime() + DAY_MS);
  assert.deepEqual(await verdicts(gate), ['2.0 hold evidence']);
  const refused = await gate.serve(first);
  assert.ok(refused.kind === 'refused');
  assert.equal(refused.decided.verdict.reasons[0]!.message, 'denied here');
});

test('a project that the upstream quarantined is held, with the page and without it', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  await gate.serve(file);
  gate.upstream.setStatus('demo', 'quarantined');
  gate.time.now = new Date(NOW.getTime() + DAY_MS);
  assert.deepEqual(await verdicts(gate), ['1.0 hold project-status']);
  assert.equal((await gate.serve(file)).kind, 'refused');
  const known = await gate.store.files.findByProject(demo);
  const [decided] = await gate.decide.decideKnownFiles(gate.index, demo, gate.index.upstreams[0]!.upstream, known);
  assert.equal(decided!.verdict.kind, 'hold', 'the status was forgotten where no page was read');
});

test('a name that became reserved is refused, its files too', async () => {
  const gate = await aGate();
  const file = addWheel(gate, '1.0');
  await gate.serve(file);
  gate.setPolicy('[rules.reserved-names]\nnames = ["demo"]');
  assert.deepEqual(await verdicts(gate), ['reserved']);
  const refused = await gate.serve(file);
  assert.ok(refused.kind === 'refused');
  assert.equal(refused.decided.verdict.reasons[0]!.rule, 'reserved-names');
});

test('what was decided is remembered while nothing changes', async () => {
  const gate = await aGate();
  addWheel(gate, '1.0');
  const first = await gate.decideProject('demo');
  assert.equal(await gate.decideProject('demo'), first);
});

for (const [why, expected, change] of [
  [
    'the policy',
    '1.0 hold cooldown',
    (gate) => gate.setPolicy('[rules.cooldown]\nnew_project = "365d"\nupdate = "365d"'),
  ],
  [
    'facts, written by another process',
    '1.0 block denial',
    async (gate) => {
      await gate.store.facts.append(
        [aFact({ kind: 'denial', project: demo })].map(({ sha256: _, ...fact }) => fact),
        [],
      );
      await gate.refresh();
    },
  ],
  [
    'advisories',
    '1.0 block known-malicious',
    async (gate) => {
      const status = { source: 'news', importedAt: NOW.toISOString(), validators: {} };
      const put = [anAdvisory({ id: 'MAL-2026-1', kind: 'malware' })];
      await gate.store.advisories.apply({ status, put, remove: [] }, []);
      await gate.refresh();
    },
  ],
  [
    'the page',
    '1.0 hold project-status',
    (gate) => {
      gate.upstream.setStatus('demo', 'quarantined');
      // Past the time that a page is fresh, and before everything is decided again.
      gate.time.set(300_001);
    },
  ],
  ['an inspection', '1.0 allow', async (gate, file) => void (await gate.serve(file))],
] as const satisfies readonly (readonly [
  string,
  string,
  (gate: TestGate, file: IndexFile) => Promise<void> | void,
])[]) {
  test(`what was decided is decided again when this changes: ${why}`, async () => {
    const gate = await aGate();
    const file = addWheel(gate, '1.0');
    assert.deepEqual(await verdicts(gate), ['1.0 hold evidence']);
    await change(gate, file);
    assert.deepEqual(await verdicts(gate), [expected]);
  });
}

test('what was decided is decided again when a cooldown ends, however long the page is fresh', async () => {
  const gate = await aGate({ pageTtlMs: 30 * DAY_MS });
  addWheel(gate, '1.0', { uploadTime: new Date(NOW.getTime() - 7 * DAY_MS + 60_000) });
  assert.deepEqual(await verdicts(gate), ['1.0 hold cooldown']);
  gate.time.now = new Date(NOW.getTime() + 59_000);
  assert.deepEqual(await verdicts(gate), ['1.0 hold cooldown']);
  gate.time.now = new Date(NOW.getTime() + 60_000);
  assert.deepEqual(await verdicts(gate), ['1.0 hold evidence']);
});

test('what was decided is decided again when the advisory data grew old meanwhile', async () => {
  const gate = await aGate({ pageTtlMs: 30 * DAY_MS, policy: '[rules.feed-age]\neffect = "hold"\nmax_age = "1d"' });
  addWheel(gate, '1.0');
  assert.deepEqual(await verdicts(gate), ['1.0 hold evidence']);
  gate.time.now = new Date(NOW.getTime() + 2 * DAY_MS);
  assert.deepEqual(await verdicts(gate), ['1.0 hold feed-age']);
});

test('a hundred readers at once are one decision', async () => {
  const gate = await aGate();
  addWheel(gate, '1.0');
  const decided = await Promise.all(Array.from({ length: 100 }, () => gate.decideProject('demo')));
  assert.equal(new Set(decided).size, 1);
  assert.equal(gate.faults.calls.filter((call) => call === 'store.files.findByProject').length, 1);
});

test('a file whose date could not be had is held, and decided again soon', async () => {
  const gate = await aGate({ pageTtlMs: 30 * DAY_MS });
  const file = addWheel(gate, '1.0', { uploadTime: undefined });
  gate.upstream.modified.set(file.filename, daysAgo(100));
  gate.upstream.fail('lastModified');
  assert.deepEqual(await verdicts(gate), ['1.0 hold cooldown']);
  gate.upstream.heal();
  gate.time.set(10_000);
  assert.deepEqual(await verdicts(gate), ['1.0 hold evidence']);
});
