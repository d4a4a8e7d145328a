import assert from 'node:assert/strict';
import { test } from 'node:test';
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
