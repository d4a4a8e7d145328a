import assert from 'node:assert/strict';
import type { AuditEventInput } from '../../src/core/audit/event.ts';
import { moveKillSwitch } from '../../src/core/policy/kill-switch.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import { castVote } from '../../src/core/review/vote.ts';
import type { SharedReviewSet } from '../../src/core/shared-review/shared-review-set.ts';
import type { Store } from '../../src/gate/ports.ts';
import { aReview, aVote } from '../builders/a-review.ts';
import { aFact, anExemption, DIGEST } from '../builders/an-evidence.ts';
import { storeSuite } from './store-suite.ts';

const other = parseProjectName('other');
const A_FACT = aFact();
const at = (day: number) => new Date(Date.UTC(2026, 0, day, 1, 2, 3, 456));
const anEvent = (over: Partial<AuditEventInput> = {}): AuditEventInput => ({
  at: at(4),
  type: 'review.voted',
  actor: 'user:bob',
  subject: 'demo 1.0',
  detail: { review: 'r1' },
  ...over,
});

/** What people decide with. `create` gives an empty store; the suite closes it. */
export function reviewStoreContract(name: string, create: () => Promise<Store>): void {
  const contract = storeSuite(name, create);

  contract('reviews: come back as they were saved, with what follows from them', async ({ reviews, facts, audit }) => {
    const review = { ...aReview(), dueAt: at(9), assignees: ['user:bob'] };
    await reviews.save({ review, before: 0, facts: [A_FACT], events: [anEvent({ type: 'review.opened' })] });
    assert.deepEqual(await reviews.find(review.id), review);
    assert.deepEqual(await reviews.findByRelease('default', review.project, '1.0'), review, '1.0 is 1.0.0');
    assert.equal(await reviews.findByRelease('other', review.project, '1.0'), undefined);
    assert.equal((await facts.all()).length, 1);
    assert.equal((await audit.read({ limit: 9 })).length, 1);
    const { review: approved } = castVote(review, aVote('user:bob'));
    await reviews.save({ review: approved, before: review.revision, facts: [], events: [] });
    assert.deepEqual(await reviews.find(review.id), approved);
  });

  contract('reviews: of two changes at once one is refused, with all that goes with it', async ({ reviews, facts }) => {
    const review = aReview();
    await reviews.save({ review, before: 0, facts: [], events: [] });
    const next = { ...review, revision: 2 };
    await reviews.save({ review: next, before: 1, facts: [], events: [] });
    const late = { review: { ...review, revision: 2 }, before: 1, facts: [A_FACT], events: [] };
    await assert.rejects(reviews.save(late), { code: 'CONFLICT' });
    await assert.rejects(reviews.save({ ...late, review: { ...review, id: 'r2' }, before: 0 }), { code: 'CONFLICT' });
    assert.equal((await facts.all()).length, 0);
  });

  contract('reviews: are listed newest first, in pages', async ({ reviews }) => {
    for (const [n, version] of ['1.0', '1.1', '1.2', '1.3'].entries()) {
      const review = { ...aReview(), id: `r${n}`, version, openedAt: at(n < 2 ? 1 : n) };
      await reviews.save({ review: n === 3 ? { ...review, index: 'ml' } : review, before: 0, facts: [], events: [] });
    }
    const ids = async (query: object) => (await reviews.list({ limit: 2, ...query })).map(({ id }) => id);
    assert.deepEqual(await ids({}), ['r3', 'r2']);
    assert.deepEqual(await ids({ before: { openedAt: at(2), id: 'r2' } }), ['r1', 'r0']);
    assert.deepEqual(await ids({ index: 'ml' }), ['r3']);
    assert.deepEqual(await ids({ indexes: ['default'] }), ['r2', 'r1']);
    assert.deepEqual(await ids({ state: 'approved' }), []);
    assert.deepEqual(await ids({ project: other }), []);
  });

  contract('exemptions: come back, are replaced by id, and every process notices', async ({ exemptions, revision }) => {
    const before = await revision();
    const one = anExemption({ versions: '>=1', sha256: DIGEST });
    await exemptions.save(one, [anEvent({ type: 'exemption.added' })]);
    assert.deepEqual(await exemptions.all(), [one]);
    assert.ok((await revision()) > before);
    const ended = { ...one, ended: { at: at(3), by: 'user:ana', why: 'done' } };
    await exemptions.save(ended, []);
    assert.deepEqual(await exemptions.all(), [ended]);
  });

  contract('shared reviews: the newest set of each publisher', async ({ sharedReviews, revision }) => {
    const before = await revision();
    const set = (publisher: string, day: number): SharedReviewSet => ({
      schema: 'wheelgate.shared-reviews/1',
      publisher,
      issued: at(day).toISOString(),
      expires: at(30).toISOString(),
      entries: [
        {
          sha256: DIGEST,
          project: other,
          version: '1.0',
          reason: 'read \ud83d\udc0d',
          at: at(1).toISOString(),
          kind: 'delta',
          criteria: 'safe-to-run',
          from: DIGEST,
        },
      ],
    });
    await sharedReviews.put(set('beta', 1), []);
    await sharedReviews.put(set('acme', 2), [anEvent({ type: 'shared-reviews.imported' })]);
    assert.ok((await revision()) > before);
    for (const day of [1, 2]) {
      await assert.rejects(sharedReviews.put(set('acme', day), []), { code: 'CONFLICT' });
    }
    await sharedReviews.put(set('acme', 3), []);
    assert.deepEqual(await sharedReviews.all(), [set('acme', 3), set('beta', 1)]);
    assert.deepEqual(await sharedReviews.issues(), [
      { publisher: 'acme', issued: at(3).toISOString() },
      { publisher: 'beta', issued: at(1).toISOString() },
    ]);
  });

  contract(
    'kill switch: is down at first, and one of two moves at once is refused',
    async ({ killSwitch, revision }) => {
      assert.equal((await killSwitch.read()).level, 0);
      const before = await revision();
      const move = { to: 4, by: 'user:ana', at: at(1), reason: 'incident' } as const;
      const up = moveKillSwitch(await killSwitch.read(), move);
      await killSwitch.save(up, [anEvent({ type: 'kill-switch.raised' })]);
      assert.deepEqual(await killSwitch.read(), up);
      assert.ok((await revision()) > before);
      await assert.rejects(killSwitch.save(up, []), { code: 'CONFLICT' });
      const lowering = moveKillSwitch(up, { ...move, to: 0 });
      await killSwitch.save(lowering, []);
      assert.deepEqual(await killSwitch.read(), lowering);
    },
  );
}
