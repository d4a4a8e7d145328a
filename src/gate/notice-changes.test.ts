import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aGate } from '../../test/builders/a-gate.ts';
import { anAdvisory, anAffected } from '../../test/builders/an-advisory.ts';
import { aFact, NOW } from '../../test/builders/an-evidence.ts';
import { parseProjectName } from '../core/python/name.ts';
import { importAdvisories } from './import-advisories.ts';
import { createNoticeChanges } from './notice-changes.ts';

async function aWatch() {
  const { store, knowledge, advisories } = await aGate();
  const changes = createNoticeChanges(knowledge, advisories, store.advisories);
  await changes.notice();
  changes.takeDue();
  const bring = (id: string, ...names: readonly string[]) => {
    const affected = names.map((name) => anAffected({ project: parseProjectName(name) }));
    async function* entries() {
      yield { kind: 'advisory', advisory: anAdvisory({ id, affected }) } as const;
    }
    const needs = { store: store.advisories, clock: () => NOW };
    return importAdvisories(
      needs,
      { entries: entries(), validators: {}, isPartial: true },
      { source: 'osv', actor: 'gate' },
    );
  };
  return { changes, store, bring };
}

test('new advisories make exactly the projects due that they name', async () => {
  const { changes, bring } = await aWatch();
  await bring('A-1', 'ape', 'bee');
  await changes.notice();
  await bring('A-2', 'cat');
  await changes.notice();
  assert.deepEqual(changes.takeDue(), new Set(['ape', 'bee', 'cat']));
  assert.deepEqual(changes.takeDue(), new Set(), 'it was taken');
  await bring('A-2', 'cat');
  await changes.notice();
  assert.deepEqual(changes.takeDue(), new Set(), 'it said nothing new');
});

test('what a person records makes everything due', async () => {
  const { changes, store, bring } = await aWatch();
  await bring('A-1', 'ape');
  await store.facts.append([aFact({ kind: 'denial' })], []);
  await changes.notice();
  assert.equal(changes.takeDue(), 'all');
});
