import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aReview } from '../../test/builders/a-review.ts';
import { NOW } from '../../test/builders/an-evidence.ts';
import { createMemoryStore } from '../../test/fakes/memory-store.ts';
import type { AuditEventInput } from '../core/audit/event.ts';
import { createReadFigures } from './read-figures.ts';

const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const served = (days: number): AuditEventInput => ({
  at: daysAgo(days),
  type: 'file.served',
  actor: 'a',
  subject: 's',
  detail: {},
});

async function read(events: readonly AuditEventInput[], maxEvents: number, days = 7) {
  const store = createMemoryStore();
  await store.audit.append(events);
  for (let n = 0; n < 3; n++) {
    await store.reviews.save({
      review: { ...aReview(), id: `r${n}`, version: `${n}.0`, openedAt: daysAgo(n) },
      before: 0,
      facts: [],
      events: [],
    });
  }
  const log = { ...store.audit, head: async () => events.length };
  return createReadFigures({ log, reviews: store.reviews, clock: () => NOW, maxEvents })(days);
}

test('the days that were asked for, whatever the log holds besides', async () => {
  const { requests, since, complete, backlog } = await read([served(30), served(6), served(1)], 100);
  assert.deepEqual([requests.served, since, complete], [2, daysAgo(7), true]);
  assert.equal(backlog.open, 3);
});

test('a log that is too long is cut, and the answer says from when it counts', async () => {
  const { requests, since, complete } = await read([served(6), served(5), served(4)], 2);
  assert.deepEqual([requests.served, since, complete], [2, daysAgo(5), false]);
});

test('a long log whose cut part is older than asked is complete', async () => {
  const { requests, complete } = await read([served(30), served(8), served(1)], 2);
  assert.deepEqual([requests.served, complete], [1, true]);
});

test('what was caught up step by step is what a fresh look finds, and nothing of the log is read twice', async () => {
  const event = fc.record({
    type: fc.constantFrom(
      'file.served' as const,
      'file.refused' as const,
      'verdict.recorded' as const,
      'login.accepted' as const,
    ),
    // Clocks go back, and not every event is of the days that are asked for.
    days: fc.double({ min: 0, max: 12, noNaN: true }),
    sha256: fc.constantFrom('a', 'b', 'c'),
    verdict: fc.constantFrom('allow', 'hold', 'block'),
  });
  const rounds = fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(rounds, fc.integer({ min: 1, max: 12 }), async (batches, maxEvents) => {
      const store = createMemoryStore();
      let length = 0;
      let given = 0;
      const log = {
        ...store.audit,
        head: async () => length,
        read: async (options: Parameters<typeof store.audit.read>[0]) => {
          const events = await store.audit.read(options);
          if (options.limit > 1) given += events.length;
          return events;
        },
      };
      const needs = { reviews: store.reviews, clock: () => NOW, maxEvents };
      const kept = createReadFigures({ ...needs, log });
      for (const batch of batches) {
        await store.audit.append(
          batch.map(({ type, days, sha256, verdict }) => ({
            ...served(days),
            type,
            detail: { index: 'default', sha256, verdict, reasons: [] },
          })),
        );
        length += batch.length;
        const fresh = createReadFigures({ ...needs, log: { ...store.audit, head: log.head } });
        assert.deepEqual(await kept(7), await fresh(7));
      }
      assert.ok(given <= length, `${given} of ${length}`);
    }),
  );
});

test('figures that are asked for at once count everything once', async () => {
  const store = createMemoryStore();
  await store.audit.append([served(1), served(2)]);
  const log = { ...store.audit, head: async () => 2 };
  const figures = createReadFigures({ log, reviews: store.reviews, clock: () => NOW, maxEvents: 100 });
  const all = await Promise.all([figures(7), figures(7), figures(1.5)]);
  assert.deepEqual(
    all.map(({ requests }) => requests.served),
    [2, 2, 1],
  );
});
