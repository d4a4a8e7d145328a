import assert from 'node:assert/strict';
import test from 'node:test';
import { anAdvisory } from '../../test/builders/an-advisory.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import type { Advisory } from '../core/advisories/advisory.ts';
import type { AdvisoryExport } from '../core/advisories/advisory-export.ts';
import { holdingsOf } from '../core/advisories/holdings.ts';
import { hasCode } from '../core/errors.ts';
import { parseSha256 } from '../core/sha256.ts';
import { exportAdvisories } from './export-advisories.ts';
import { importExport } from './import-export.ts';

const EXPORTED = new Date('2026-02-01T00:00:00Z');
const NOW = new Date('2026-03-01T00:00:00Z');

const on = (day: string, count = 20): Advisory[] =>
  Array.from({ length: count }, (_, at) =>
    anAdvisory({ id: `PYSEC-2026-${at}`, modified: `2026-01-${day}T00:00:00.000Z` }),
  );

function anExport(sources: Readonly<Record<string, readonly Advisory[]>>): AdvisoryExport {
  return {
    exportedAt: EXPORTED,
    sha256: parseSha256('a'.repeat(64)),
    exploitation: [],
    sources: Object.entries(sources).map(([source, advisories]) => ({
      source,
      ...holdingsOf(advisories, EXPORTED),
      advisories,
    })),
  };
}

function aGate() {
  const store = createMemoryStore();
  const bring = (sources: Parameters<typeof anExport>[0], force = false) =>
    importExport({ store: store.advisories, clock: () => NOW }, anExport(sources), { actor: 'cli:lea', force });
  const dates = async () =>
    Object.fromEntries((await store.advisories.statuses()).map((it) => [it.source, it.vulnerabilities?.asOf]));
  return { store, bring, dates };
}
const day = (n: string) => `2026-01-${n}T00:00:00.000Z`;
const refusal = (reason: RegExp) => (error: unknown) => hasCode(error, 'FEED_INVALID') && reason.test(error.message);

test('brings every source under its name and with its dates, and the audit log says from which export', async () => {
  const { store, bring, dates } = aGate();
  const outcomes = await bring({ osv: on('10'), team: [anAdvisory({ id: 'TEAM-1' })] });
  assert.deepEqual(
    outcomes.map(({ source, result }) => [source, result?.added]),
    [
      ['osv', 20],
      ['team', 1],
    ],
  );
  assert.deepEqual(await dates(), { osv: day('10'), team: day('02') });
  assert.equal((await store.advisories.statuses())[0]?.importedAt, NOW.toISOString());
  const events = await store.audit.read({ limit: 9 });
  assert.deepEqual(
    events.map(({ subject, detail }) => [subject, detail.exportedAt, detail.exportSha256]),
    [
      ['osv', EXPORTED.toISOString(), 'a'.repeat(64)],
      ['team', EXPORTED.toISOString(), 'a'.repeat(64)],
    ],
  );
});

test('what was imported is exported again as it was', async () => {
  const { store, bring } = aGate();
  const sources = { osv: on('10'), team: [anAdvisory({ id: 'TEAM-1' })] };
  await bring(sources);
  const again = await exportAdvisories(store.advisories, EXPORTED);
  assert.deepEqual(again, anExport(sources).sources);
});

test('of a source that is older nothing is taken, nor of the others, without force', async () => {
  const { bring, dates } = aGate();
  await bring({ osv: on('10'), team: on('10') });
  await assert.rejects(bring({ osv: on('12'), team: on('09') }), refusal(/older than what is known from team/));
  assert.deepEqual(await dates(), { osv: day('10'), team: day('10') });
  await bring({ osv: on('12'), team: on('09') }, true);
  assert.deepEqual(await dates(), { osv: day('12'), team: day('09') });
});

test('a source may not lose more than a tenth, and then nothing is taken, without force', async () => {
  const { store, bring, dates } = aGate();
  await bring({ osv: on('10'), team: on('10') });
  await assert.rejects(bring({ osv: on('12'), team: on('12', 17) }), refusal(/withdraw 3 of 20/));
  assert.deepEqual(await dates(), { osv: day('10'), team: day('10') });
  await bring({ osv: on('12'), team: on('12', 17) }, true);
  assert.equal((await store.advisories.findBySource('team')).length, 17);
});

test('a source that the export does not name stays', async () => {
  const { bring, dates } = aGate();
  await bring({ team: on('10') });
  await bring({ osv: on('12') });
  assert.deepEqual(await dates(), { osv: day('12'), team: day('10') });
});

test('of the advisories that ship the newer ones stay, and the next start does not bring back the others', async () => {
  const { store, bring, dates } = aGate();
  const [status] = anExport({ snapshot: on('10') }).sources.map(({ advisories: _, ...holdings }) => holdings);
  const validators = { etag: 'of this package' };
  await store.advisories.apply(
    { status: { ...status!, importedAt: NOW.toISOString(), validators }, put: on('10'), remove: [] },
    [],
  );
  for (const older of ['09', '10']) {
    assert.deepEqual(await bring({ snapshot: on(older, 3) }), [{ source: 'snapshot' }], older);
  }
  assert.deepEqual(await dates(), { snapshot: day('10') });
  await bring({ snapshot: on('11', 3) });
  assert.deepEqual(await dates(), { snapshot: day('11') });
  assert.deepEqual((await store.advisories.statuses())[0]?.validators, validators);
});
