import assert from 'node:assert/strict';
import { CHAIN_START, verifyChain } from '../../src/core/audit/chain.ts';
import type { AuditEvent, AuditEventInput } from '../../src/core/audit/event.ts';
import type { IndexFile } from '../../src/core/index/page.ts';
import type { Inspection } from '../../src/core/policy/evidence.ts';
import type { Fact } from '../../src/core/policy/fact.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import { parseSha256 } from '../../src/core/sha256.ts';
import type { FileTime, KnownFile, RecordedVerdict, Store } from '../../src/gate/ports.ts';
import { storeSuite } from './store-suite.ts';

const demo = parseProjectName('demo');
const other = parseProjectName('other');
const digest = (digit: string) => parseSha256(digit.repeat(64));
const at = (day: number) => new Date(Date.UTC(2026, 0, day, 1, 2, 3, 456));

/** Everything that an index can say about a file, and text that tries its reader. */
const FULL_FILE: IndexFile = {
  filename: 'demo-1.0-py3-none-any.whl',
  url: 'https://files.example/demo-1.0-py3-none-any.whl',
  sha256: digest('a'),
  size: 1234,
  uploadTime: at(1),
  requiresPython: '>=3.9,<4',
  yanked: 'broken \0 "quotes" \u2028 \ud800 🐍',
  coreMetadata: digest('b'),
  provenance: 'https://files.example/provenance',
};
const BARE_FILE: IndexFile = { filename: 'demo-0.9.tar.gz', url: 'https://files.example/demo-0.9.tar.gz' };

const aKnownFile = (over: Partial<KnownFile> = {}): KnownFile => ({
  index: 'default',
  path: 'packages/aa/demo-1.0-py3-none-any.whl',
  upstream: 'pypi',
  project: demo,
  version: '1.0',
  sha256: digest('a'),
  file: FULL_FILE,
  ...over,
});

const aVerdict = (over: Partial<RecordedVerdict> = {}): RecordedVerdict => ({
  index: 'default',
  sha256: digest('a'),
  project: demo,
  version: '1.0',
  filename: 'demo-1.0-py3-none-any.whl',
  verdict: { kind: 'allow', reasons: [] },
  policyRevision: 'abc123',
  at: at(2),
  ...over,
});
const HELD: RecordedVerdict['verdict'] = {
  kind: 'hold',
  reasons: [
    { rule: 'cooldown', effect: 'hold', message: '2 days old', until: at(9) },
    { rule: 'archive', effect: 'hold', message: 'not inspected yet', pending: true },
  ],
};

const aFact = (id: string, over: Partial<Fact> = {}): Fact => ({
  id,
  kind: 'approval',
  index: 'default',
  project: demo,
  version: '1.0',
  sha256: digest('a'),
  reason: 'read it \0 all',
  actor: 'cli:ann',
  at: at(3),
  policyRevision: 'abc123',
  ...over,
});

const anEvent = (over: Partial<AuditEventInput> = {}): AuditEventInput => ({
  at: at(4),
  type: 'verdict.recorded',
  actor: 'gate',
  subject: 'demo-1.0-py3-none-any.whl',
  detail: { index: 'default', reasons: [{ rule: 'cooldown' }] },
  ...over,
});
/** Chaining refuses it, so whatever shares its transaction must vanish too. */
const BAD_EVENT = anEvent({ detail: { size: Number.NaN } });

const subjects = (events: readonly AuditEvent[]) => events.map(({ subject }) => subject);
const byPath = (files: readonly KnownFile[]) => files.map(({ index, path }) => `${index} ${path}`).sort();

/** What every `Store` does. `create` gives an empty one; the suite closes it. */
export function storeContract(name: string, create: () => Promise<Store>): void {
  const contract = storeSuite(name, create);

  contract('pages: gives back every field, with dates as dates', async ({ pages }) => {
    const page = {
      project: demo,
      status: 'deprecated',
      statusReason: 'use other',
      problems: ['entry 3 has no name'],
      files: [FULL_FILE, BARE_FILE],
    } as const;
    await pages.put('pypi', demo, { page, etag: 'W/"1"', fetchedAt: at(5) });
    assert.deepEqual(await pages.find('pypi', demo), { page, etag: 'W/"1"', fetchedAt: at(5) });
  });

  contract('pages: tells a project that the upstream does not have from one never asked for', async ({ pages }) => {
    await pages.put('pypi', demo, { fetchedAt: at(5) });
    assert.deepEqual(await pages.find('pypi', demo), { fetchedAt: at(5) });
    assert.equal(await pages.find('pypi', other), undefined);
    assert.equal(await pages.find('internal', demo), undefined);
  });

  contract('pages: keeps the last one put, nothing of the one before', async ({ pages }) => {
    const page = { project: demo, status: 'active', files: [BARE_FILE], problems: [] } as const;
    await pages.put('pypi', demo, { page: { ...page, files: [FULL_FILE] }, etag: '"1"', fetchedAt: at(5) });
    await pages.put('pypi', demo, { page, fetchedAt: at(6) });
    assert.deepEqual(await pages.find('pypi', demo), { page, fetchedAt: at(6) });
  });

  contract('files: are found by path, digest and project', async ({ files }) => {
    const file = aKnownFile();
    const sameBytes = aKnownFile({ index: 'strict' });
    const sdist = aKnownFile({ path: 'packages/bb/demo-0.9.tar.gz', sha256: digest('c'), file: BARE_FILE });
    const stranger = aKnownFile({ path: 'packages/cc/other-1.tar.gz', project: other, sha256: digest('d') });
    for (const each of [file, sameBytes, sdist, stranger]) await files.put(each);
    assert.deepEqual(await files.findByPath('default', file.path), file);
    assert.deepEqual(await files.findByPath('default', sdist.path), sdist);
    assert.deepEqual(byPath(await files.findByDigest(digest('a'))), byPath([file, sameBytes]));
    assert.deepEqual(byPath(await files.findByProject(demo)), byPath([file, sameBytes, sdist]));
    assert.equal(await files.findByPath('other', file.path), undefined);
    assert.equal(await files.findByPath('default', `${file.path}\0`), undefined);
    assert.deepEqual(await files.findByDigest(digest('e')), []);
  });

  contract('files: a path has one file, and the version may be unknown', async ({ files }) => {
    await files.put(aKnownFile());
    const { version: _, ...unversioned } = aKnownFile({ sha256: digest('c'), file: BARE_FILE });
    await files.put(unversioned);
    assert.deepEqual(await files.findByPath('default', unversioned.path), unversioned);
    assert.deepEqual(await files.findByDigest(digest('a')), []);
  });

  contract('fileTimes: the first date stays', async ({ fileTimes }) => {
    const first: FileTime = { at: at(1), source: 'first-seen' };
    const later: FileTime = { at: at(2), source: 'last-modified' };
    await fileTimes.put('pypi', [{ url: 'u1', time: first }]);
    await fileTimes.put('pypi', [
      { url: 'u1', time: later },
      { url: 'u2', time: later },
    ]);
    await fileTimes.put('internal', [{ url: 'u1', time: later }]);
    const found = await fileTimes.find('pypi', ['u1', 'u2', 'u3']);
    assert.deepEqual(
      found,
      new Map([
        ['u1', first],
        ['u2', later],
      ]),
    );
    assert.deepEqual((await fileTimes.find('internal', ['u1'])).get('u1'), later);
  });

  contract('fileTimes: takes and gives a large page at once', async ({ fileTimes }) => {
    const rows = Array.from({ length: 3_210 }, (_, n) => ({
      url: `u${n}`,
      time: { at: new Date(n), source: 'last-modified' } as const,
    }));
    await fileTimes.put('pypi', rows);
    const found = await fileTimes.find(
      'pypi',
      rows.map(({ url }) => url),
    );
    assert.equal(found.size, rows.length);
    assert.deepEqual(found.get('u3209'), rows[3209]!.time);
    assert.equal((await fileTimes.find('pypi', [])).size, 0);
  });

  contract('inspections: belong to digest and engine', async ({ inspections }) => {
    const inspection: Inspection = {
      findings: [
        {
          rule: 'archive',
          code: 'nul',
          effect: 'block',
          message: 'NUL in a name',
          file: 'a\0b',
          line: 3,
          context: '\ud800',
        },
      ],
      complete: true,
      metadata: { base64: 'AAEC/w==', sha256: digest('b') },
      declared: { name: 'demo', version: '1.0' },
      startupHooks: [{ file: 'demo.pth', sha256: digest('c'), runsCode: true }],
      nativeFiles: ['demo/_speed.so'],
      seconds: 0.25,
    };
    const newer = { ...inspection, complete: false, findings: [] };
    await inspections.put(digest('a'), 'engine-1', inspection);
    await inspections.put(digest('a'), 'engine-2', newer);
    assert.deepEqual(await inspections.find(digest('a'), 'engine-1'), inspection);
    assert.equal(await inspections.find(digest('b'), 'engine-1'), undefined);
    await inspections.put(digest('a'), 'engine-1', newer);
    assert.deepEqual(await inspections.find(digest('a'), 'engine-1'), newer);
  });

  contract('verdicts: are recorded with their event', async ({ verdicts, audit }) => {
    const recorded = aVerdict({ verdict: HELD });
    await verdicts.record(recorded, anEvent());
    assert.deepEqual(await verdicts.find('default', digest('a')), recorded);
    const [event] = await audit.read({ limit: 10 });
    const { seq, previousHash, hash, ...input } = event!;
    assert.deepEqual({ seq, previousHash, input }, { seq: 1, previousHash: CHAIN_START.hash, input: anEvent() });
    assert.match(hash, /^[0-9a-f]{64}$/);
    assert.equal(await verdicts.find('strict', digest('a')), undefined);
  });

  contract('verdicts: without its event none is recorded', async ({ verdicts, audit }) => {
    await assert.rejects(verdicts.record(aVerdict(), BAD_EVENT));
    assert.equal(await verdicts.find('default', digest('a')), undefined);
    assert.deepEqual(await audit.read({ limit: 10 }), []);
    await verdicts.record(aVerdict({ verdict: HELD }), anEvent());
    await assert.rejects(verdicts.record(aVerdict(), BAD_EVENT));
    assert.equal((await verdicts.find('default', digest('a')))?.verdict.kind, 'hold');
  });

  contract('verdicts: of a project, and the last one counts', async ({ verdicts, audit }) => {
    const { version: _, ...unversioned } = aVerdict({ sha256: digest('b') });
    const records = [
      aVerdict(),
      unversioned,
      aVerdict({ sha256: digest('c'), project: other }),
      aVerdict({ index: 'strict' }),
    ];
    for (const record of records) await verdicts.record(record, anEvent());
    await verdicts.record(aVerdict({ verdict: HELD, policyRevision: 'def' }), anEvent());
    const found = [...(await verdicts.findByProject('default', demo))].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    assert.deepEqual(found, [aVerdict({ verdict: HELD, policyRevision: 'def' }), unversioned]);
    assert.equal((await audit.read({ limit: 10 })).length, 5);
  });

  contract('verdicts: a project is in use as long as one of its files is allowed', async ({ verdicts }) => {
    const record = (over: Partial<RecordedVerdict>) => verdicts.record(aVerdict(over), anEvent());
    await record({});
    await record({ sha256: digest('b') });
    await record({ sha256: digest('c'), project: other, verdict: HELD });
    await record({ sha256: digest('d'), project: other, verdict: { kind: 'block', reasons: HELD.reasons } });
    assert.deepEqual(await verdicts.allowedProjects('default'), ['demo']);
    assert.deepEqual(await verdicts.allowedProjects('strict'), []);
    await record({ verdict: HELD });
    assert.deepEqual(await verdicts.allowedProjects('default'), ['demo']);
    await record({ sha256: digest('b'), verdict: HELD });
    assert.deepEqual(await verdicts.allowedProjects('default'), []);
  });

  contract('facts: come back in the order in which they were appended', async ({ facts, audit }) => {
    const whole: Fact = {
      id: 'z',
      kind: 'denial',
      project: other,
      reason: '',
      actor: 'cli:bob',
      at: at(1),
      policyRevision: 'x',
    };
    await facts.append([aFact('b'), whole], [anEvent({ subject: 'first' })]);
    await facts.append([aFact('a', { kind: 'revocation' })], [anEvent({ subject: 'second' })]);
    assert.deepEqual(await facts.all(), [aFact('b'), whole, aFact('a', { kind: 'revocation' })]);
    const [first, ...rest] = (await facts.after(0)).facts;
    assert.deepEqual(await facts.after(first!.seq), { facts: rest, last: rest.at(-1)!.seq });
    assert.deepEqual(
      rest.map(({ fact }) => fact),
      [whole, aFact('a', { kind: 'revocation' })],
    );
    assert.deepEqual(await facts.after(rest.at(-1)!.seq), { facts: [], last: rest.at(-1)!.seq });
    assert.deepEqual(subjects(await audit.read({ limit: 10 })), ['first', 'second']);
  });

  contract('facts: can only be appended', async ({ facts, audit }) => {
    assert.deepEqual(Object.keys(facts).sort(), ['after', 'all', 'append']);
    await facts.append([aFact('a')], []);
    await assert.rejects(facts.append([aFact('b'), aFact('a', { reason: 'changed' })], [anEvent()]), {
      code: 'STORE_FAILED',
    });
    await assert.rejects(facts.append([aFact('c'), aFact('c')], [anEvent()]), { code: 'STORE_FAILED' });
    assert.deepEqual(await facts.all(), [aFact('a')]);
    assert.deepEqual(await audit.read({ limit: 10 }), []);
  });

  contract('facts: without their events none is appended, and nobody is told', async ({ facts, audit, revision }) => {
    const before = await revision();
    await assert.rejects(facts.append([aFact('a')], [anEvent(), BAD_EVENT]));
    assert.deepEqual(await facts.all(), []);
    assert.deepEqual(await audit.read({ limit: 10 }), []);
    assert.equal(await revision(), before);
  });

  contract(
    'revision: rises with facts and with nothing that is derived',
    async ({ facts, verdicts, files, revision }) => {
      const before = await revision();
      await verdicts.record(aVerdict(), anEvent());
      await files.put(aKnownFile());
      assert.equal(await revision(), before);
      await facts.append([aFact('a')], []);
      assert.ok((await revision()) > before);
    },
  );

  contract('audit: tells who got a digest or a project', async ({ audit }) => {
    const served = (sha256: string, project: string) =>
      anEvent({ type: 'file.served', subject: 'x', detail: { sha256, project } });
    await audit.append([
      served(digest('a'), 'demo'),
      served(digest('b'), 'demo'),
      served(digest('c'), 'other'),
      anEvent({ type: 'file.refused', detail: { sha256: digest('a'), project: 'demo' } }),
      served(digest('a'), 'demo'),
    ]);
    const seqs = async (query: object) => (await audit.serves({ limit: 10, ...query })).map(({ seq }) => seq);
    assert.deepEqual(await seqs({ sha256: digest('a') }), [1, 5]);
    assert.deepEqual(await seqs({ project: demo }), [1, 2, 5]);
    assert.deepEqual(await seqs({ project: demo, after: 1, limit: 1 }), [2]);
    assert.deepEqual(await seqs({ sha256: digest('f') }), []);
  });

  contract('audit: is one chain, whoever wrote', async ({ audit, verdicts, facts }) => {
    await audit.append([
      anEvent({ type: 'server.started', subject: 'a', detail: {} }),
      anEvent({ subject: 'b \0 \ud800' }),
    ]);
    await verdicts.record(aVerdict(), anEvent({ subject: 'c' }));
    await facts.append([aFact('a')], [anEvent({ type: 'fact.approval', subject: 'd' })]);
    await audit.append([]);
    const events = await audit.read({ limit: 100 });
    assert.deepEqual(subjects(events), ['a', 'b \0 \ud800', 'c', 'd']);
    assert.deepEqual(await verifyChain(events), { ok: true, head: { seq: 4, hash: events[3]!.hash } });
  });

  contract('audit: is read in pages', async ({ audit }) => {
    await audit.append(Array.from({ length: 1_234 }, (_, n) => anEvent({ subject: `${n + 1}` })));
    assert.deepEqual(subjects(await audit.read({ limit: 2 })), ['1', '2']);
    assert.deepEqual(subjects(await audit.read({ after: 2, limit: 2 })), ['3', '4']);
    assert.deepEqual(subjects(await audit.read({ after: 1_233, limit: 2 })), ['1234']);
    assert.deepEqual(await audit.read({ after: 1_234, limit: 2 }), []);
    assert.equal((await verifyChain(await audit.read({ limit: 5_000 }))).ok, true);
  });

  contract(
    'writes that come at once all count, and one that fails takes nobody along',
    async ({ audit, facts, verdicts }) => {
      const writes = await Promise.allSettled(
        Array.from({ length: 100 }, (_, n) =>
          n % 10 === 0
            ? verdicts.record(aVerdict(), BAD_EVENT)
            : n % 2 === 0
              ? facts.append([aFact(`${n}`)], [anEvent({ subject: `${n}` })])
              : audit.append([anEvent({ subject: `${n}` })]),
        ),
      );
      const expected = Array.from({ length: 100 }, (_, n) => `${n}`).filter((n) => Number(n) % 10 !== 0);
      assert.equal(writes.filter(({ status }) => status === 'rejected').length, 10);
      const events = await audit.read({ limit: 1_000 });
      assert.deepEqual(subjects(events).sort(), expected.sort());
      assert.equal((await verifyChain(events)).ok, true);
      assert.equal((await facts.all()).length, 40);
      assert.equal(await verdicts.find('default', digest('a')), undefined);
    },
  );

  contract('answers: the first one under a slot stays, until it is forgotten or old', async ({ keptAnswers }) => {
    const begin = (slot: string, day: number, forget = 0) =>
      keptAnswers.begin({ slot, fingerprint: `f${day}`, at: at(day), forgetBefore: at(forget) });
    assert.equal(await begin('a', 1), undefined);
    assert.deepEqual(await begin('a', 2), { fingerprint: 'f1' }, 'begun, not finished');
    const answer = { status: 201, body: JSON.stringify({ text: '\0 \ud83d\udc0d' }) };
    await keptAnswers.finish('a', answer);
    assert.deepEqual(await begin('a', 3), { fingerprint: 'f1', answer });
    assert.equal(await begin('b', 3), undefined);
    await keptAnswers.forget('b');
    assert.equal(await begin('b', 4), undefined);
    assert.equal(await begin('a', 5, 2), undefined, 'what began on day 1 is forgotten');
    assert.deepEqual(await begin('b', 5, 2), { fingerprint: 'f4' });
  });
}
