import assert from 'node:assert/strict';
import test from 'node:test';
import type { Advisory } from '../../src/core/advisories/advisory.ts';
import type { AdvisorySourceStatus, AdvisoryStore } from '../../src/core/advisories/advisory-store.ts';
import type { AuditEventInput } from '../../src/core/audit/event.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import { parseSha256 } from '../../src/core/sha256.ts';
import type { Store } from '../../src/gate/ports.ts';

const demo = parseProjectName('demo');
const other = parseProjectName('other');

const affects = (...names: readonly string[]): Advisory['affected'] =>
  names.map((name) => ({ project: parseProjectName(name), versions: ['1.0'], ranges: [], sha256: [] }));

const anAdvisory = (id: string, over: Partial<Advisory> = {}): Advisory => ({
  id,
  kind: 'vulnerability',
  aliases: [],
  modified: '2026-01-02T00:00:00.000Z',
  affected: affects('demo'),
  ...over,
});

const FULL: Advisory = {
  id: 'GHSA-full',
  kind: 'vulnerability',
  aliases: ['CVE-2026-1'],
  summary: 'A line with "quotes" and 🐍',
  severity: { vectors: ['CVSS:3.1/AV:N'], word: 'HIGH' },
  published: '2026-01-01T00:00:00.000Z',
  modified: '2026-01-02T00:00:00.000Z',
  origins: 2,
  affected: [
    {
      project: demo,
      versions: ['1.0', 'not a version'],
      ranges: [
        [
          { type: 'introduced', version: '0' },
          { type: 'fixed', version: '1.1' },
        ],
      ],
      sha256: [parseSha256('a'.repeat(64))],
      severity: { vectors: [] },
      lastKnown: '<= 1.0',
    },
  ],
};

const aStatus = (source: string, over: Partial<AdvisorySourceStatus> = {}): AdvisorySourceStatus => ({
  source,
  vulnerabilities: { records: 1, asOf: '2026-01-02T00:00:00.000Z' },
  importedAt: '2026-01-03T00:00:00.000Z',
  validators: {},
  ...over,
});

const IMPORTED: AuditEventInput = {
  at: new Date(0),
  type: 'advisories.imported',
  actor: 'gate',
  subject: 'osv',
  detail: { written: 1 },
};

const ids = (advisories: readonly Advisory[]) => advisories.map(({ id }) => id).sort();

/** What every `AdvisoryStore` does. `create` gives an empty one; the suite closes it. */
export function advisoryStoreContract(
  name: string,
  create: () => Promise<Store & { readonly advisories: AdvisoryStore }>,
): void {
  type Given = { store: Store; advisories: AdvisoryStore; put: Put };
  type Put = (source: string, ...advisories: readonly Advisory[]) => Promise<void>;
  const contract = (what: string, check: (given: Given) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const store = await create();
      const put: Put = (source, ...rows) =>
        store.advisories.apply({ status: aStatus(source), put: rows, remove: [] }, []);
      try {
        await check({ store, advisories: store.advisories, put });
      } finally {
        await store.close();
      }
    });

  contract('advisories: come back field by field, by project and by source', async ({ advisories, put }) => {
    const withdrawn = anAdvisory('GHSA-gone', { withdrawn: '2026-01-03T00:00:00.000Z' });
    await put('osv', FULL, withdrawn, anAdvisory('MAL-1', { kind: 'malware', affected: affects('other') }));
    assert.deepEqual(
      [...(await advisories.findByProject(demo))].sort((a, b) => (a.id < b.id ? -1 : 1)),
      [FULL, withdrawn],
    );
    assert.deepEqual(ids(await advisories.findBySource('osv')), ['GHSA-full', 'GHSA-gone', 'MAL-1']);
    assert.deepEqual(await advisories.findBySource('team'), []);
    assert.deepEqual(await advisories.findByProject(parseProjectName('unheard-of')), []);
  });

  contract('advisories: one that names a project twice is there once', async ({ advisories, put }) => {
    await put('osv', anAdvisory('A', { affected: affects('demo', 'other', 'demo') }));
    assert.deepEqual(ids(await advisories.findByProject(demo)), ['A']);
    assert.deepEqual(ids(await advisories.findByProject(other)), ['A']);
  });

  contract('advisories: a new version of one replaces it, with the projects it names', async ({ advisories, put }) => {
    await put('osv', anAdvisory('A'), anAdvisory('B'));
    await put('osv', anAdvisory('A', { affected: affects('other'), modified: '2026-02-01T00:00:00.000Z' }));
    assert.deepEqual(ids(await advisories.findByProject(demo)), ['B']);
    assert.deepEqual(ids(await advisories.findByProject(other)), ['A']);
    assert.equal((await advisories.findBySource('osv')).length, 2);
  });

  contract('advisories: the last of two with one id in an update counts', async ({ advisories, put }) => {
    await put('osv', anAdvisory('A'), anAdvisory('A', { affected: affects('other') }));
    assert.deepEqual(ids(await advisories.findByProject(demo)), []);
    assert.deepEqual(ids(await advisories.findByProject(other)), ['A']);
  });

  contract('advisories: removed ones are gone from every list', async ({ advisories, put }) => {
    await put('osv', anAdvisory('A'), anAdvisory('B', { affected: affects('other') }));
    await put('team', anAdvisory('A'));
    await advisories.apply({ status: aStatus('osv'), put: [], remove: ['A', 'B', 'never there'] }, []);
    assert.deepEqual(await advisories.findBySource('osv'), []);
    assert.deepEqual(ids(await advisories.findByProject(demo)), ['A']);
    assert.deepEqual(await advisories.projects(), ['demo']);
  });

  contract('advisories: what is removed and written in one update is written', async ({ advisories, put }) => {
    await put('osv', anAdvisory('A'));
    await advisories.apply({ status: aStatus('osv'), put: [anAdvisory('A', { aliases: ['X'] })], remove: ['A'] }, []);
    assert.deepEqual(
      (await advisories.findByProject(demo)).map(({ aliases }) => aliases),
      [['X']],
    );
  });

  contract('advisories: of copies in several sources the newest is in force', async ({ advisories, put }) => {
    await put('osv', anAdvisory('A', { modified: '2026-01-02T00:00:00.000Z' }));
    await put(
      'snapshot',
      anAdvisory('A', { modified: '2026-01-01T00:00:00.000Z', affected: affects('demo', 'other') }),
    );
    assert.deepEqual(
      (await advisories.findByProject(demo)).map(({ modified }) => modified),
      ['2026-01-02T00:00:00.000Z'],
    );
    // The newer copy does not name it any more.
    assert.deepEqual(await advisories.findByProject(other), []);
    assert.equal((await advisories.findBySource('snapshot')).length, 1);
    await advisories.apply({ status: aStatus('osv'), put: [], remove: ['A'] }, []);
    assert.deepEqual(ids(await advisories.findByProject(other)), ['A']);
  });

  contract('advisories: equally new copies are all in force', async ({ advisories, put }) => {
    await put('osv', anAdvisory('A'));
    await put('team', anAdvisory('A'));
    assert.deepEqual(ids(await advisories.findByProject(demo)), ['A', 'A']);
  });

  contract('advisories: projects that only withdrawn ones name are not listed', async ({ advisories, put }) => {
    const withdrawn = '2026-01-03T00:00:00.000Z';
    await put('osv', anAdvisory('A'), anAdvisory('B', { withdrawn, affected: affects('demo', 'other') }));
    await put('osv', anAdvisory('C', { withdrawn, affected: [] }));
    assert.deepEqual(await advisories.projects(), ['demo']);
  });

  contract('advisories: a source has one status, the last', async ({ advisories }) => {
    const malware = { records: 2, asOf: '2026-01-01T00:00:00.000Z' };
    const last = aStatus('osv', { malware, validators: { etag: '"2"', lastModified: 'yesterday' } });
    await advisories.apply({ status: aStatus('osv'), put: [], remove: [] }, []);
    await advisories.apply({ status: aStatus('team'), put: [], remove: [] }, []);
    await advisories.apply({ status: last, put: [], remove: [] }, []);
    assert.deepEqual(await advisories.statuses(), [last, aStatus('team')]);
  });

  contract(
    'advisories: the revision rises when rows changed, not when only the status did',
    async ({ store, advisories, put }) => {
      const before = await store.revision();
      await advisories.apply({ status: aStatus('osv'), put: [], remove: ['never there'] }, []);
      assert.equal(await store.revision(), before);
      await put('osv', anAdvisory('A'));
      const written = await store.revision();
      assert.ok(written > before);
      await advisories.apply({ status: aStatus('osv'), put: [], remove: ['A'] }, []);
      assert.ok((await store.revision()) > written);
    },
  );

  contract(
    'advisories: rows, status and events are written together or not at all',
    async ({ store, advisories, put }) => {
      await put('osv', anAdvisory('A'));
      const before = await store.revision();
      const update = { status: aStatus('team'), put: [anAdvisory('B')], remove: ['A'] };
      const badEvent = { ...IMPORTED, detail: { written: Number.NaN } };
      await assert.rejects(advisories.apply(update, [IMPORTED, badEvent]));
      assert.deepEqual(ids(await advisories.findByProject(demo)), ['A']);
      assert.deepEqual(
        (await advisories.statuses()).map(({ source }) => source),
        ['osv'],
      );
      assert.equal(await store.revision(), before);
      await advisories.apply(update, [IMPORTED]);
      assert.deepEqual(
        (await store.audit.read({ limit: 9 })).map(({ type }) => type),
        ['advisories.imported'],
      );
    },
  );

  contract('advisories: takes more rows than fit in one statement', async ({ advisories, put }) => {
    const rows = Array.from({ length: 2_345 }, (_, n) => anAdvisory(`A-${n}`, { affected: affects('demo', `p${n}`) }));
    await put('osv', ...rows);
    assert.equal((await advisories.findByProject(demo)).length, rows.length);
    assert.equal((await advisories.projects()).length, rows.length + 1);
    const remove = rows.slice(0, 2_000).map(({ id }) => id);
    await advisories.apply({ status: aStatus('osv'), put: [], remove }, []);
    assert.equal((await advisories.findBySource('osv')).length, 345);
  });
}
