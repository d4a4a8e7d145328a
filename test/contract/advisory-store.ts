import assert from 'node:assert/strict';
import test from 'node:test';
import type { Advisory } from '../../src/core/advisories/advisory.ts';
import type { AdvisorySourceStatus, AdvisoryStore } from '../../src/core/advisories/advisory-store.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import { parseSha256 } from '../../src/core/sha256.ts';
import { anAdvisory, anAffected, aRange } from '../builders/an-advisory.ts';

const DEMO = parseProjectName('demo');
const OTHER = parseProjectName('other');

const aStatus = (source: string, over: Partial<AdvisorySourceStatus> = {}): AdvisorySourceStatus => ({
  source,
  importedAt: '2026-01-05T00:00:00.000Z',
  validators: {},
  ...over,
});
const about = (...projects: (typeof DEMO)[]) => projects.map((project) => anAffected({ project }));
const ids = (advisories: readonly Advisory[]) => advisories.map(({ id }) => id).sort();

/** What every `AdvisoryStore` does. `create` gives an empty one. */
export function advisoryStoreContract(name: string, create: () => Promise<AdvisoryStore>): void {
  const contract = (what: string, check: (store: AdvisoryStore) => Promise<void>) =>
    test(`${name}: ${what}`, async () => check(await create()));
  const put = (store: AdvisoryStore, source: string, advisories: readonly Advisory[], remove: readonly string[] = []) =>
    store.apply({ status: aStatus(source), put: advisories, remove }, []);

  contract('is empty at first', async (store) => {
    assert.deepEqual(await store.findByProject(DEMO), []);
    assert.deepEqual(await store.findBySource('osv'), []);
    assert.deepEqual(await store.projects(), []);
    assert.deepEqual(await store.statuses(), []);
  });

  contract('finds the newest copies with an id', async (store) => {
    const [old, fresh] = [anAdvisory(), anAdvisory({ modified: '2026-02-01T00:00:00.000Z' })];
    await put(store, 'a', [old]);
    assert.deepEqual(await store.findById(old.id), [old]);
    await put(store, 'b', [fresh, anAdvisory({ id: 'PYSEC-2026-9' })]);
    assert.deepEqual(await store.findById(old.id), [fresh]);
    await put(store, 'a', [fresh]);
    assert.deepEqual(await store.findById(old.id), [fresh, fresh]);
    assert.deepEqual(await store.findById('PYSEC-NONE'), []);
  });

  contract('gives back every field, in the same order', async (store) => {
    const whole: Advisory = {
      id: 'MAL-2026-1',
      kind: 'malware',
      aliases: ['PYSEC-2026-1'],
      summary: 'Schwäche “x” \u{1f40d}',
      severity: { vectors: ['AV:N/AC:L/Au:N/C:P/I:P/A:P'], word: 'HIGH' },
      published: '2026-01-01T00:00:00.000Z',
      modified: '2026-01-02T00:00:00.000Z',
      origins: 2,
      affected: [
        {
          project: DEMO,
          versions: ['1.0', '0.7.10p1'],
          ranges: [aRange('0', '2.0')],
          sha256: [parseSha256('a'.repeat(64))],
          severity: { vectors: [] },
          lastKnown: '<= 1.0',
        },
      ],
    };
    await put(store, 'osv', [whole]);
    assert.equal(JSON.stringify(await store.findByProject(DEMO)), JSON.stringify([whole]));
    assert.equal(JSON.stringify(await store.findBySource('osv')), JSON.stringify([whole]));
  });

  contract('finds a record under each of its projects, once', async (store) => {
    await put(store, 'osv', [anAdvisory({ affected: about(DEMO, OTHER, DEMO) })]);
    assert.equal((await store.findByProject(DEMO)).length, 1);
    assert.equal((await store.findByProject(OTHER)).length, 1);
    assert.deepEqual([...(await store.projects())].sort(), [DEMO, OTHER]);
  });

  contract('replaces a record with all the projects that it named', async (store) => {
    await put(store, 'osv', [anAdvisory({ affected: about(DEMO) })]);
    await put(store, 'osv', [anAdvisory({ affected: about(OTHER), summary: 'new' })]);
    assert.deepEqual(await store.findByProject(DEMO), []);
    assert.deepEqual(
      (await store.findByProject(OTHER)).map(({ summary }) => summary),
      ['new'],
    );
    assert.deepEqual(await store.projects(), [OTHER]);
  });

  contract('removes a record from its own source only', async (store) => {
    await put(store, 'osv', [anAdvisory()]);
    await put(store, 'team', [anAdvisory()]);
    await put(store, 'osv', [], ['PYSEC-2026-1', 'never-there']);
    assert.deepEqual(await store.findBySource('osv'), []);
    assert.deepEqual(ids(await store.findBySource('team')), ['PYSEC-2026-1']);
    assert.deepEqual(ids(await store.findByProject(DEMO)), ['PYSEC-2026-1']);
  });

  contract('lets a newer copy supersede an older one, whichever projects they name', async (store) => {
    await put(store, 'snapshot', [anAdvisory({ affected: about(DEMO), modified: '2026-01-02T00:00:00.000Z' })]);
    await put(store, 'osv', [anAdvisory({ affected: about(OTHER), modified: '2026-01-02T00:00:00.001Z' })]);
    assert.deepEqual(await store.findByProject(DEMO), []);
    assert.equal((await store.findByProject(OTHER)).length, 1);
    assert.equal((await store.findBySource('snapshot')).length, 1, 'it is kept');
    await put(store, 'osv', [], ['PYSEC-2026-1']);
    assert.equal((await store.findByProject(DEMO)).length, 1, 'and in force again');
  });

  contract('gives equally new copies of several sources', async (store) => {
    await put(store, 'snapshot', [anAdvisory({ summary: 'a' })]);
    await put(store, 'osv', [anAdvisory({ summary: 'b' })]);
    const summaries = (await store.findByProject(DEMO)).map(({ summary }) => summary);
    assert.deepEqual(summaries.sort(), ['a', 'b']);
  });

  contract('gives withdrawn records, but not their project when nothing else names it', async (store) => {
    const withdrawn = anAdvisory({ withdrawn: '2026-01-03T00:00:00.000Z' });
    await put(store, 'osv', [withdrawn]);
    assert.deepEqual(await store.findByProject(DEMO), [withdrawn]);
    assert.deepEqual(await store.projects(), []);
    await put(store, 'osv', [anAdvisory({ id: 'PYSEC-2026-2' })]);
    assert.deepEqual(await store.projects(), [DEMO]);
  });

  contract('keeps the last status of each source, by name', async (store) => {
    const status = aStatus('osv', {
      malware: { records: 2, asOf: '2026-01-04T00:00:00.000Z' },
      validators: { etag: '"x"', lastModified: 'Mon, 05 Jan 2026 00:00:00 GMT' },
    });
    await put(store, 'team', [anAdvisory()]);
    await put(store, 'osv', []);
    await store.apply({ status, put: [], remove: [] }, []);
    assert.deepEqual(await store.statuses(), [status, aStatus('team')]);
  });

  contract('takes thousands of records at once', async (store) => {
    const many = Array.from({ length: 3_000 }, (_, at) => anAdvisory({ id: `PYSEC-2026-${at}` }));
    await put(store, 'osv', many);
    assert.equal((await store.findByProject(DEMO)).length, 3_000);
    await put(
      store,
      'osv',
      [],
      many.slice(1).map(({ id }) => id),
    );
    assert.deepEqual(ids(await store.findBySource('osv')), ['PYSEC-2026-0']);
  });
}
