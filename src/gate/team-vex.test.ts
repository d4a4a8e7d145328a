import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { aWheel, aWheelName } from '../../test/builders/a-wheel.ts';
import { anAdvisory } from '../../test/builders/an-advisory.ts';
import { anExemption, daysAgo } from '../../test/builders/an-evidence.ts';
import type { Exemption } from '../core/policy/exemption.ts';
import { openVexDocument } from '../core/report/openvex.ts';
import { createTeamVex } from './team-vex.ts';

/** A gate that has met demo 1.0, against which a vulnerability is known, with one exemption. */
async function decided(over: Partial<Exemption>) {
  const gate = await aGate();
  const known = anAdvisory();
  const holding = { records: 1, asOf: daysAgo(0).toISOString() };
  const status = { source: 'osv', vulnerabilities: holding, importedAt: daysAgo(0).toISOString(), validators: {} };
  await gate.store.advisories.apply({ status, put: [known], remove: [] }, []);
  await gate.refresh();
  const file = gate.upstream.addFile('demo', aWheelName({ version: '1.0' }), aWheel({ version: '1.0' }), {
    uploadTime: daysAgo(100),
  });
  await gate.serve(file);
  await gate.store.exemptions.save(anExemption({ rule: 'known-vulnerable', ...over }), []);
  const report = await createTeamVex({ ...gate, clock: () => gate.time.now })(gate.index);
  return { report, known };
}

test('what is exempted is told with its reason and end, for the releases that were met', async () => {
  const { report, known } = await decided({ reason: 'own patch' });
  const [statement, ...others] = openVexDocument(report, daysAgo(0), '1').statements;
  assert.equal(others.length, 0);
  assert.equal(statement?.vulnerability.name, known.id);
  assert.deepEqual(
    statement?.products.map((one) => one['@id']),
    ['pkg:pypi/demo@1.0'],
  );
  const { status, action_statement } = statement as { status: string; action_statement: string };
  assert.equal(status, 'affected');
  assert.match(action_statement, /^exempted \(x1\): own patch \(until 2026-12-22\)$/);
});

for (const [why, over] of [
  ['another rule', { rule: 'cooldown' }],
  ['another release', { versions: '>=2' }],
  ['another index', { index: 'ml' }],
  ['one consumer alone', { consumer: 'web' }],
  ['it has ended', { expiresAt: daysAgo(1) }],
] as const) {
  test(`says nothing of an exemption: ${why}`, async () => {
    assert.deepEqual((await decided(over)).report.findings, []);
  });
}
