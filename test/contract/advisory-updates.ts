import assert from 'node:assert/strict';
import type { AdvisorySourceStatus, AdvisoryStore } from '../../src/core/advisories/advisory-store.ts';
import type { AuditEventInput } from '../../src/core/audit/event.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import type { Store } from '../../src/gate/ports.ts';
import { anAdvisory, anAffected } from '../builders/an-advisory.ts';
import { aFact } from '../builders/an-evidence.ts';
import { storeSuite } from './store-suite.ts';

const demo = parseProjectName('demo');
const other = parseProjectName('other');
const about = (...names: readonly string[]) => names.map((name) => anAffected({ project: parseProjectName(name) }));

const aStatus = (source: string): AdvisorySourceStatus => ({
  source,
  importedAt: '2026-01-05T00:00:00.000Z',
  validators: {},
});
const IMPORTED: AuditEventInput = {
  at: new Date(0),
  type: 'advisories.imported',
  actor: 'gate',
  subject: 'osv',
  detail: { written: 1 },
};

/** What an update of the advisories does to the rest of a store. `create` gives an empty one; the suite closes it. */
export function advisoryUpdatesContract(
  name: string,
  create: () => Promise<Store & { readonly advisories: AdvisoryStore }>,
): void {
  const contract = storeSuite(name, create);

  contract(
    'the revision rises when advisories changed, not when only the status did',
    async ({ advisories, revision }) => {
      const status = aStatus('osv');
      const before = await revision();
      await advisories.apply({ status, put: [], remove: ['never there'] }, []);
      assert.equal(await revision(), before);
      await advisories.apply({ status, put: [anAdvisory()], remove: [] }, []);
      const written = await revision();
      assert.ok(written > before);
      await advisories.apply({ status, put: [], remove: [anAdvisory().id] }, []);
      assert.ok((await revision()) > written);
    },
  );

  contract(
    'advisories, status and events are written together or not at all',
    async ({ advisories, audit, revision }) => {
      await advisories.apply({ status: aStatus('osv'), put: [anAdvisory()], remove: [] }, []);
      const before = await revision();
      const update = { status: aStatus('team'), put: [anAdvisory({ affected: about('other') })], remove: [] };
      // Chaining refuses it, so everything before it must vanish too.
      const badEvent = { ...IMPORTED, detail: { written: Number.NaN } };
      await assert.rejects(advisories.apply(update, [IMPORTED, badEvent]));
      assert.deepEqual(await advisories.findByProject(other), []);
      assert.deepEqual(
        (await advisories.statuses()).map(({ source }) => source),
        ['osv'],
      );
      assert.deepEqual(await audit.read({ limit: 9 }), []);
      assert.equal(await revision(), before);
      await advisories.apply(update, [IMPORTED]);
      assert.deepEqual(
        (await audit.read({ limit: 9 })).map(({ type }) => type),
        ['advisories.imported'],
      );
    },
  );

  contract('the last of two advisories with one id in an update counts', async ({ advisories }) => {
    const put = [anAdvisory(), anAdvisory({ affected: about('other') })];
    await advisories.apply({ status: aStatus('osv'), put, remove: [] }, []);
    assert.deepEqual(await advisories.findByProject(demo), []);
    assert.equal((await advisories.findByProject(other)).length, 1);
  });

  contract('an advisory that is removed and written in one update is written', async ({ advisories }) => {
    const status = aStatus('osv');
    await advisories.apply({ status, put: [anAdvisory()], remove: [] }, []);
    await advisories.apply({ status, put: [anAdvisory({ summary: 'new' })], remove: [anAdvisory().id] }, []);
    assert.deepEqual(
      (await advisories.findByProject(demo)).map(({ summary }) => summary),
      ['new'],
    );
  });

  contract('an advisory may name more projects than fit in one statement', async ({ advisories }) => {
    const names = Array.from({ length: 1_200 }, (_, n) => `p${n}`);
    const put = [
      anAdvisory({ affected: about(...names) }),
      anAdvisory({ id: 'PYSEC-2026-2', affected: about(...names) }),
    ];
    await advisories.apply({ status: aStatus('osv'), put, remove: [] }, []);
    assert.equal(new Set(await advisories.projects()).size, 1_200);
    assert.equal((await advisories.findByProject(parseProjectName('p1199'))).length, 2);
  });

  contract('touched projects are told, as far as nothing else raised the revision', async (store) => {
    const { advisories, facts, revision } = store;
    const start = await revision();
    const apply = (source: string, id: string, touched?: readonly (typeof demo)[]) =>
      advisories.apply(
        { status: aStatus(source), put: [anAdvisory({ id })], remove: [], ...(touched && { touched }) },
        [],
      );
    await apply('osv', 'A-1', [demo]);
    const first = await revision();
    await apply('team', 'A-2', [other, demo]);
    const second = await revision();
    assert.deepEqual(await advisories.touchedBetween(second, second), new Set());
    assert.deepEqual(await advisories.touchedBetween(first, second), new Set([other, demo]));
    assert.deepEqual(await advisories.touchedBetween(start, second), new Set([demo, other]));
    await facts.append([aFact({ kind: 'denial' })], []);
    assert.equal(await advisories.touchedBetween(first, await revision()), undefined, 'a fact may touch anything');
    const third = await revision();
    await apply('osv', 'A-3');
    assert.equal(await advisories.touchedBetween(third, await revision()), undefined, 'nobody said what it touched');
  });
}
