import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { anAdvisory } from '../../test/builders/an-advisory.ts';
import { aFact, NOW } from '../../test/builders/an-evidence.ts';
import { parseProjectName } from '../core/python/name.ts';

const demo = parseProjectName('demo');

/** A gate that serves `demo` 1.0 and has never seen `other`. */
async function aGateInUse() {
  const gate = await aGate();
  const file = gate.upstream.addFile('demo', aWheelName({ version: '1.0' }), aWheel({ version: '1.0' }));
  await gate.serve(file);
  gate.upstream.calls.length = 0;
  return { gate, file, kind: async () => (await gate.store.verdicts.find('default', file.sha256!))?.verdict.kind };
}

test('a verdict that comes out differently is recorded, and nothing is asked of the upstream', async () => {
  const { gate, kind } = await aGateInUse();
  const status = { source: 'news', importedAt: NOW.toISOString(), validators: {} };
  const put = [anAdvisory({ id: 'MAL-2026-1', kind: 'malware' })];
  await gate.store.advisories.apply({ status, put, remove: [] }, []);
  await gate.refresh();
  gate.upstream.fail();
  assert.deepEqual(await gate.rejudge(gate.index, [demo, parseProjectName('other')]), [demo]);
  assert.equal(await kind(), 'block');
  assert.deepEqual(gate.upstream.calls, []);
  const event = (await gate.store.audit.read({ limit: 100 })).at(-1);
  assert.deepEqual([event?.type, event?.detail.before, event?.detail.verdict], ['verdict.recorded', 'allow', 'block']);
});

test('a verdict that stays is not recorded again', async () => {
  const { gate } = await aGateInUse();
  const before = (await gate.events()).length;
  assert.deepEqual(await gate.rejudge(gate.index, [demo]), []);
  assert.equal((await gate.events()).length, before);
});

test('an advisory that was withdrawn releases what it held', async () => {
  const { gate, kind } = await aGateInUse();
  const apply = (withdrawn?: string) =>
    gate.store.advisories.apply(
      {
        status: { source: 'news', importedAt: NOW.toISOString(), validators: {} },
        put: [anAdvisory({ id: 'MAL-2026-1', kind: 'malware', ...(withdrawn !== undefined && { withdrawn }) })],
        remove: [],
      },
      [],
    );
  await apply();
  await gate.refresh();
  await gate.rejudge(gate.index, [demo]);
  await apply(NOW.toISOString());
  await gate.refresh();
  assert.deepEqual(await gate.rejudge(gate.index, [demo]), [demo]);
  assert.equal(await kind(), 'allow');
});

test('a quarantine that was on the page when it was last read is not forgotten', async () => {
  const { gate, kind } = await aGateInUse();
  gate.upstream.setStatus('demo', 'quarantined');
  gate.time.set(600_000);
  await gate.decideProject('demo');
  assert.deepEqual(await gate.rejudge(gate.index, [demo]), [demo]);
  assert.equal(await kind(), 'hold');
});

test('files of other indexes, and of upstreams that are none any more, are left alone', async () => {
  const { gate, file, kind } = await aGateInUse();
  await gate.store.facts.append([aFact({ kind: 'denial', sha256: file.sha256! })], []);
  await gate.refresh();
  assert.deepEqual(await gate.rejudge({ ...gate.index, name: 'data' }, [demo]), []);
  assert.deepEqual(await gate.rejudge({ ...gate.index, upstreams: [] }, [demo]), []);
  assert.equal(await kind(), 'allow');
  assert.deepEqual(await gate.rejudge(gate.index, [demo]), [demo]);
});
