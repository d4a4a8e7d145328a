import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { appendToChain, CHAIN_START, verifyChain } from './chain.ts';
import type { AuditEvent, AuditEventInput } from './event.ts';

const anEvent = (over: Partial<AuditEventInput> = {}): AuditEventInput => ({
  at: new Date('2026-01-02T03:04:05.678Z'),
  type: 'file.served',
  actor: 'gate',
  subject: 'demo-1.0-py3-none-any.whl',
  detail: { bytes: 10 },
  ...over,
});

const aLog = (length: number) =>
  appendToChain(
    CHAIN_START,
    Array.from({ length }, (_, n) => anEvent({ subject: `file ${n + 1}` })),
  );

const without = (log: readonly AuditEvent[], seq: number) => log.filter((event) => event.seq !== seq);
const withEvent = (log: readonly AuditEvent[], seq: number, over: Partial<AuditEvent>) =>
  log.map((event) => (event.seq === seq ? { ...event, ...over } : event));
/** What somebody does who edits an event and then recomputes the rest. */
const rewritten = (log: readonly AuditEvent[], seq: number, over: Partial<AuditEventInput>) =>
  appendToChain(CHAIN_START, withEvent(log, seq, over));

test('numbers from 1 without gaps and links each event to the one before', () => {
  const first = aLog(2);
  const log = [...first, ...appendToChain(first[1]!, [anEvent(), anEvent()])];
  assert.deepEqual(
    log.map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    log.map(({ previousHash }) => previousHash),
    [CHAIN_START.hash, ...log.slice(0, 3).map(({ hash }) => hash)],
  );
});

test('the hash of a known event does not change between versions: old logs must still verify', () => {
  assert.equal(aLog(1)[0]!.hash, 'dbd355e18e65b9d20238c23810d1940eecbac2332e932ad633e06c0fddded339');
});

test('an event is the same before and after storage', () => {
  const [event] = appendToChain(CHAIN_START, [
    anEvent({ detail: { until: new Date(0), gone: undefined, z: 1, a: [-0] } }),
  ]);
  assert.deepEqual(event!.detail, { a: [0], until: '1970-01-01T00:00:00.000Z', z: 1 });
});

test('an intact log verifies, also while it grows past the remembered head', async () => {
  const log = aLog(5);
  assert.deepEqual(await verifyChain([]), { ok: true, head: CHAIN_START });
  assert.deepEqual(await verifyChain(log, log[4]), { ok: true, head: { seq: 5, hash: log[4]!.hash } });
  assert.equal((await verifyChain(log, log[2])).ok, true);
});

for (const [why, damaged, seq, what] of [
  ['a changed subject', withEvent(aLog(5), 3, { subject: 'other' }), 3, /changed/],
  ['a changed detail', withEvent(aLog(5), 3, { detail: { bytes: 11 } }), 3, /changed/],
  ['a changed time', withEvent(aLog(5), 3, { at: new Date(0) }), 3, /changed/],
  ['a changed actor', withEvent(aLog(5), 5, { actor: 'cli:eve' }), 5, /changed/],
  ['a changed type', withEvent(aLog(5), 1, { type: 'fact.approval' }), 1, /changed/],
  ['a swapped hash', withEvent(aLog(5), 3, { hash: 'f'.repeat(64) }), 3, /changed/],
  ['a removed event', without(aLog(5), 3), 3, /missing/],
  ['a removed first event', without(aLog(5), 1), 1, /missing/],
  ['an event twice', [...aLog(3), aLog(3)[2]!, ...aLog(5).slice(3)], 4, /inserted or moved/],
  ['two events swapped', [aLog(3)[0]!, aLog(3)[2]!, aLog(3)[1]!], 2, /missing/],
  [
    'a removed event with the rest renumbered',
    without(aLog(5), 3).map((event, n) => ({ ...event, seq: n + 1 })),
    3,
    /continue/,
  ],
  ['a cut end', aLog(4), 5, /cut off/],
  ['an empty log', [], 1, /cut off/],
  ['a rewritten last event', rewritten(aLog(5), 5, { actor: 'cli:eve' }), 5, /not the one that was recorded last/],
  [
    'a chain rewritten from the middle',
    rewritten(aLog(5), 2, { actor: 'cli:eve' }),
    5,
    /not the one that was recorded last/,
  ],
] as const) {
  test(`finds ${why}`, async () => {
    const check = await verifyChain(damaged, aLog(5)[4]);
    assert.ok(!check.ok);
    assert.equal(check.seq, seq);
    assert.match(check.what, what);
  });
}

test('finds any single change to any field of any event', async () => {
  const log = aLog(6);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom('seq', 'actor', 'subject', 'previousHash', 'hash', 'type', 'detail', 'at'),
      fc.string({ minLength: 1 }),
      async (position, field, text) => {
        const original = log[position]!;
        const value =
          field === 'seq'
            ? original.seq + text.length
            : field === 'at'
              ? new Date(original.at.getTime() + text.length)
              : field === 'detail'
                ? { ...original.detail, [text]: text }
                : `${original[field]}${text}`;
        const damaged = log.with(position, { ...original, [field]: value } as AuditEvent);
        assert.equal((await verifyChain(damaged, log[5])).ok, false);
      },
    ),
  );
});

test('finds any reordering and any subset', async () => {
  const log = aLog(6);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(log), async (other) => {
      const same = other.length === log.length && other.every((event, n) => event === log[n]);
      assert.equal((await verifyChain(other, log[5])).ok, same);
    }),
  );
});
