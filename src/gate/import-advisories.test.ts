import assert from 'node:assert/strict';
import test from 'node:test';
import { anAdvisory, anAffected } from '../../test/builders/an-advisory.ts';
import type { Advisory } from '../core/advisories/advisory.ts';
import type { FeedValidators } from '../core/advisories/advisory-store.ts';
import { type Feed, type FeedEntry, rejectFeedEntry } from '../core/advisories/feed.ts';
import type { AuditEventInput } from '../core/audit/event.ts';
import { hasCode } from '../core/errors.ts';
import { parseProjectName } from '../core/python/name.ts';
import { createMemoryAdvisoryStore } from '../io/feeds/memory-advisory-store.ts';
import { importAdvisories } from './import-advisories.ts';
import { installSnapshot } from './install-snapshot.ts';

const NOW = new Date('2026-02-01T00:00:00Z');
const OTHER = parseProjectName('other');
const WITHDRAWN = { withdrawn: '2026-01-20T00:00:00.000Z' };

function aFeed(items: readonly (Advisory | FeedEntry)[], validators: FeedValidators = {}): Feed {
  async function* entries(): AsyncGenerator<FeedEntry> {
    for (const item of items) yield 'affected' in item ? { kind: 'advisory', advisory: item } : item;
  }
  return { entries: entries(), validators };
}

function aGate() {
  const events: AuditEventInput[] = [];
  const store = createMemoryAdvisoryStore((added) => events.push(...added));
  const needs = { store, clock: () => NOW };
  const bring = (items: readonly (Advisory | FeedEntry)[], { force = false, source = 'osv' } = {}) =>
    importAdvisories(needs, aFeed(items), { source, actor: 'cli:lea', force });
  return { store, needs, events, bring };
}

const numbered = (count: number, over: (at: number) => Partial<Advisory> = () => ({})) =>
  Array.from({ length: count }, (_, at) => anAdvisory({ id: `PYSEC-2026-${at}`, ...over(at) }));
const refusal = (reason: RegExp) => (error: unknown) => hasCode(error, 'FEED_INVALID') && reason.test(error.message);

test('the first import adds everything and says so in the audit log', async () => {
  const { store, events, bring } = aGate();
  const result = await bring([...numbered(3), anAdvisory({ id: 'MAL-2026-1', kind: 'malware' }), { kind: 'ignored' }]);
  assert.deepEqual(result, {
    records: 4,
    added: 4,
    changed: 0,
    withdrawn: [],
    ignored: 1,
    rejected: [],
    touchedProjects: ['demo'],
  });
  assert.deepEqual(await store.statuses(), [
    {
      source: 'osv',
      malware: { records: 1, asOf: '2026-01-02T00:00:00.000Z' },
      vulnerabilities: { records: 3, asOf: '2026-01-02T00:00:00.000Z' },
      importedAt: '2026-02-01T00:00:00.000Z',
      validators: {},
    },
  ]);
  assert.deepEqual(
    events.map(({ at, type, actor, subject, detail }) => [at, type, actor, subject, detail.added, detail.records]),
    [[NOW, 'advisories.imported', 'cli:lea', 'osv', 4, 4]],
  );
});

test('the same feed again changes nothing and leaves no event, but keeps the new validators', async () => {
  const { store, needs, events, bring } = aGate();
  await bring(numbered(3));
  const again = await importAdvisories(needs, aFeed(numbered(3), { etag: '"2"' }), { source: 'osv', actor: 'gate' });
  assert.deepEqual([again.added, again.changed, again.withdrawn, again.touchedProjects], [0, 0, [], []]);
  assert.equal(events.length, 1);
  assert.deepEqual((await store.statuses())[0]?.validators, { etag: '"2"' });
});

test('a changed record touches the projects that it names and those that it named', async () => {
  const { bring } = aGate();
  await bring([
    ...numbered(2),
    anAdvisory({ id: 'X-1', affected: [anAffected({ project: parseProjectName('calm') })] }),
  ]);
  const moved = numbered(2, (at) => (at === 0 ? { affected: [anAffected({ project: OTHER })] } : {}));
  const result = await bring([
    ...moved,
    anAdvisory({ id: 'X-1', affected: [anAffected({ project: parseProjectName('calm') })] }),
  ]);
  assert.deepEqual([result.added, result.changed, result.withdrawn], [0, 1, []]);
  assert.deepEqual(result.touchedProjects, ['demo', 'other']);
});

test('a withdrawn record is retracted, and its projects are touched (MAL-2026-4750)', async () => {
  const { store, bring, events } = aGate();
  const report = anAdvisory({ id: 'MAL-2026-4750', kind: 'malware' });
  await bring([report]);
  const result = await bring([{ ...report, ...WITHDRAWN }]);
  assert.deepEqual([result.records, result.changed, result.withdrawn], [0, 0, ['MAL-2026-4750']]);
  assert.deepEqual(result.touchedProjects, ['demo']);
  assert.deepEqual(await store.projects(), []);
  assert.deepEqual(events.at(-1)?.detail.withdrawnIds, ['MAL-2026-4750']);
});

test('a record that left the feed is gone, and its projects are touched', async () => {
  const { store, bring } = aGate();
  await bring(numbered(20));
  const result = await bring(numbered(19));
  assert.deepEqual([result.records, result.withdrawn, result.touchedProjects], [19, ['PYSEC-2026-19'], ['demo']]);
  assert.equal((await store.findBySource('osv')).length, 19);
});

test('a record that comes back is changed, not added', async () => {
  const { bring } = aGate();
  await bring(numbered(1, () => WITHDRAWN));
  const result = await bring(numbered(1));
  assert.deepEqual([result.records, result.added, result.changed], [1, 0, 1]);
});

for (const [why, before, after, accepted] of [
  ['a tenth may go', numbered(20), numbered(18), true],
  ['more than a tenth may not', numbered(20), numbered(17), false],
  [
    'more than a tenth may not be withdrawn either',
    numbered(20),
    numbered(20, (at) => (at < 3 ? WITHDRAWN : {})),
    false,
  ],
  ['gone and withdrawn count together', numbered(20), numbered(18, (at) => (at < 1 ? WITHDRAWN : {})), false],
  ['one may always go', numbered(2), numbered(1), true],
  ['two of few may not', numbered(5), numbered(3), false],
  ['new records do not make up for lost ones', numbered(20), numbered(40).slice(5), false],
  [
    'what was withdrawn before does not count as lost',
    numbered(20, (at) => (at < 10 ? WITHDRAWN : {})),
    numbered(20, (at) => (at < 10 ? WITHDRAWN : {})).slice(10),
    true,
  ],
] as const) {
  test(`guard: ${why}`, async () => {
    const { store, events, bring } = aGate();
    await bring(before);
    if (accepted) {
      await bring(after);
      return;
    }
    await assert.rejects(bring(after), refusal(/would withdraw \d+ of \d+ known/));
    assert.equal((await store.findBySource('osv')).length, before.length, 'nothing was changed');
    assert.equal(events.length, 1);
    const forced = await bring(after, { force: true });
    assert.equal(forced.records, after.filter((it) => it.withdrawn === undefined).length);
  });
}

test('one source is no measure for another', async () => {
  const { store, bring } = aGate();
  await bring(numbered(20));
  await bring([anAdvisory({ id: 'x_TEAM-1' })], { source: 'team' });
  assert.deepEqual(
    (await store.statuses()).map(({ source }) => source),
    ['osv', 'team'],
  );
  assert.equal((await store.findBySource('osv')).length, 20);
});

test('a broken record is reported; what it said before stays in force', async () => {
  const { store, bring, events } = aGate();
  await bring(numbered(3));
  const broken = rejectFeedEntry('PYSEC-2026-0.json', 'it is broken');
  const result = await bring([
    broken,
    rejectFeedEntry('NEW-1.json', 'so is this'),
    ...numbered(3).slice(1),
    anAdvisory({ id: 'X-1' }),
  ]);
  assert.deepEqual(
    result.rejected.map(({ message }) => message),
    ['Advisory PYSEC-2026-0: it is broken', 'Advisory NEW-1: so is this'],
  );
  assert.deepEqual([result.records, result.added, result.withdrawn], [4, 1, []]);
  assert.equal((await store.findBySource('osv')).length, 4);
  assert.deepEqual(events.at(-1)?.detail.rejected, 2);
});

for (const force of [false, true]) {
  test(`a feed without any record is refused${force ? ', even by force' : ''}`, async () => {
    const { store, bring } = aGate();
    await bring(numbered(1));
    await assert.rejects(bring([{ kind: 'ignored' }], { force }), refusal(/no advisory about PyPI$/));
    const broken = rejectFeedEntry('X-1.json', 'broken');
    await assert.rejects(bring([broken], { force }), refusal(/1 records are broken, the first: Advisory X-1: broken/));
    assert.equal((await store.findBySource('osv')).length, 1);
  });
}

test('a feed that breaks while it is read changes nothing', async () => {
  const { store, needs, events } = aGate();
  async function* entries(): AsyncGenerator<FeedEntry> {
    yield { kind: 'advisory', advisory: anAdvisory() };
    throw new Error('cut off');
  }
  const feed = { entries: entries(), validators: {} };
  await assert.rejects(importAdvisories(needs, feed, { source: 'osv', actor: 'gate' }), /cut off/);
  assert.deepEqual([await store.statuses(), events], [[], []]);
});

test('of two records with one id the newer counts', async () => {
  const { store, bring } = aGate();
  const newer = anAdvisory({ summary: 'newer', modified: '2026-01-05T00:00:00.000Z' });
  for (const order of [
    [newer, anAdvisory()],
    [anAdvisory(), newer],
  ]) {
    await bring(order);
    assert.deepEqual(await store.findBySource('osv'), [newer]);
  }
});

test('a date in the future does not make the data new', async () => {
  const { store, bring } = aGate();
  const future = { modified: '2099-01-01T00:00:00.000Z' };
  await bring([anAdvisory(), anAdvisory({ id: 'X-1', ...future })]);
  assert.equal((await store.statuses())[0]?.vulnerabilities?.asOf, '2026-01-02T00:00:00.000Z');
});

test('the snapshot is installed once, and again when the package brings another', async () => {
  const { needs, store, events } = aGate();
  const install = (count: number, etag: string) => installSnapshot(needs, aFeed(numbered(count), { etag }));
  assert.equal((await install(20, 'a'))?.added, 20);
  assert.equal(await install(20, 'a'), undefined);
  const next = await install(2, 'b');
  assert.equal(next?.withdrawn.length, 18, 'what the package lost is lost on purpose');
  assert.equal((await store.findBySource('snapshot')).length, 2);
  assert.deepEqual(
    events.map(({ actor, subject }) => `${actor} ${subject}`),
    ['gate snapshot', 'gate snapshot'],
  );
});
