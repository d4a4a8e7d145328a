import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aReview, aReviewedFile, aReviewRequest, aVote } from '../../../test/builders/a-review.ts';
import { DIGEST, NOW } from '../../../test/builders/an-evidence.ts';
import { hasCode } from '../errors.ts';
import { parseSha256 } from '../sha256.ts';
import { addRequest, reopen } from './request-review.ts';
import type { Review } from './review.ts';
import { addComment, assignReview, rejectReview, remind } from './settle-review.ts';
import { castVote } from './vote.ts';

const native = aReviewedFile({ causes: ['native-code'] });
const other = aReviewedFile({ filename: 'demo-1.0.0.tar.gz', sha256: parseSha256('b'.repeat(64)) });

test('one reviewer approves what one may', () => {
  const { review, settled, events } = castVote(aReview(), aVote('user:bob'));
  assert.equal(review.state, 'approved');
  assert.deepEqual(review.outcome?.by, ['user:bob']);
  assert.deepEqual(
    settled.map(({ file, approvers, criteria }) => [file.sha256, approvers, criteria]),
    [[DIGEST, ['user:bob'], 'safe-to-run']],
  );
  assert.deepEqual(
    events.map(({ type }) => type),
    ['review.voted', 'review.approved'],
  );
});

test('who asked for it may not approve it', () => {
  assert.throws(() => castVote(aReview(), aVote('user:ana')), { code: 'REVIEW_REFUSED' });
});

test('two people are two: the first waits, the same one again is refused, another one settles it', () => {
  const once = castVote(aReview({ files: [native] }), aVote('user:bob', { files: [native] }));
  assert.equal(once.review.state, 'open');
  assert.deepEqual(once.settled, []);
  assert.throws(() => castVote(once.review, aVote('user:bob', { files: [native] })), { code: 'REVIEW_REFUSED' });
  const twice = castVote(once.review, aVote('user:eve', { files: [native], criteria: 'safe-to-deploy' }));
  assert.equal(twice.review.state, 'approved');
  assert.deepEqual(twice.settled[0]?.approvers, ['user:bob', 'user:eve']);
  assert.equal(twice.settled[0]?.criteria, 'safe-to-run', 'the least that all of them said');
});

test('who asks for it after voting does not count any more', () => {
  const once = castVote(aReview({ files: [native] }), aVote('user:bob', { files: [native] })).review;
  const asked = addRequest(once, aReviewRequest({ requester: { name: 'user:bob' }, files: [native] })).review;
  assert.equal(castVote(asked, aVote('user:eve', { files: [native] })).review.state, 'open');
});

test('a vote on other evidence does not count', () => {
  const once = castVote(aReview({ files: [native] }), aVote('user:bob', { files: [native] })).review;
  const later = { ...native, evidence: ['e1', 'e2'] };
  assert.equal(castVote(once, aVote('user:eve', { files: [later] })).review.state, 'open');
});

test('the review stays open until every file asked for is approved', () => {
  const first = castVote(aReview({ files: [aReviewedFile(), other] }), aVote('user:bob'));
  assert.equal(first.review.state, 'open');
  assert.equal(first.settled.length, 1);
  assert.equal(castVote(first.review, aVote('user:bob', { files: [other] })).review.state, 'approved');
});

test('a settled review takes no votes', () => {
  const { review } = rejectReview(aReview(), { by: 'user:bob', at: NOW, reason: 'no' });
  assert.throws(() => castVote(review, aVote('user:eve')), { code: 'REVIEW_CLOSED' });
});

test('asking again for what was rejected does not open it, new evidence does', () => {
  const { review } = rejectReview(aReview(), { by: 'user:bob', at: NOW, reason: 'no' });
  const again = addRequest(review, aReviewRequest({ requester: { name: 'user:cy', reason: 'please' } }));
  assert.equal(again.review.state, 'rejected');
  assert.equal(again.review.requesters.length, 2);
  const news = addRequest(review, aReviewRequest({ files: [aReviewedFile({ evidence: ['e1', 'e2'] })] }));
  assert.equal(news.review.state, 'open');
  assert.deepEqual(news.review.votes, []);
});

test('a refusal of what was approved opens it only when something else is known', () => {
  const { review } = castVote(aReview(), aVote('user:bob'));
  assert.equal(addRequest(review, aReviewRequest()).review.state, 'approved');
  assert.equal(addRequest(review, aReviewRequest({ files: [other] })).review.state, 'open');
});

type Action = { readonly what: string; readonly who: string };
const actions = fc.array(
  fc.record({
    what: fc.constantFrom('request', 'vote', 'vote-other', 'comment', 'assign', 'reject', 'reopen', 'remind', 'news'),
    who: fc.constantFrom('user:ana', 'user:bob', 'user:cy'),
  }),
  { maxLength: 25 },
);

function act(review: Review, { what, who }: Action): Review {
  const at = NOW;
  const file = review.files[0]! as ReturnType<typeof aReviewedFile>;
  switch (what) {
    case 'request':
      return addRequest(review, aReviewRequest({ requester: { name: who }, files: review.files })).review;
    case 'news':
      return addRequest(
        review,
        aReviewRequest({ requester: { name: who }, files: [{ ...file, evidence: [...file.evidence, 'news'] }] }),
      ).review;
    case 'vote':
      return castVote(review, aVote(who, { files: [file] })).review;
    case 'vote-other':
      return castVote(review, aVote(who, { files: [other] })).review;
    case 'comment':
      return addComment(review, { by: who, at, text: 'hm' }).review;
    case 'assign':
      return assignReview(review, { by: who, at, assignees: [who] }).review;
    case 'reject':
      return rejectReview(review, { by: who, at, reason: 'no' }).review;
    case 'reopen':
      return reopen(review, { by: who, at, why: 'look again' }).review;
    default:
      return remind(review, at, 1).review;
  }
}

/** Runs actions, those that are refused change nothing. Calls `onApproved` with each review that an action approved. */
function run(start: Review, list: readonly Action[], onApproved: (review: Review, action: Action) => void): void {
  let review = start;
  for (const action of list) {
    const before = review;
    try {
      review = act(before, action);
    } catch (error) {
      assert.ok(hasCode(error, 'REVIEW_REFUSED') || hasCode(error, 'REVIEW_CLOSED'), String(error));
      continue;
    }
    if (before.state === 'open' && review.state === 'approved') onApproved(review, action);
  }
}

test('no sequence of actions approves with only those who asked, or with fewer people than it needs', () => {
  fc.assert(
    fc.property(actions, fc.boolean(), (list, twoPeople) => {
      run(aReview({ files: [twoPeople ? native : aReviewedFile()] }), list, (review, { who }) => {
        const asked = new Set(review.requesters.map(({ name }) => name));
        assert.ok(!asked.has(who));
        const voters = new Set(review.votes.map(({ by }) => by).filter((name) => !asked.has(name)));
        assert.ok(voters.size >= (twoPeople ? 2 : 1));
      });
    }),
  );
});

test('what two people approved takes two again when something new is known', () => {
  const steps = ['user:bob', 'user:cy'].map((who) => ({ what: 'vote', who }));
  const approvers: (readonly string[])[] = [];
  run(
    aReview({ files: [native] }),
    [...steps, { what: 'news', who: 'user:ana' }, steps[1]!, steps[0]!],
    ({ outcome }) => approvers.push([...outcome!.by].sort()),
  );
  assert.deepEqual(approvers, [
    ['user:bob', 'user:cy'],
    ['user:bob', 'user:cy'],
  ]);
});

test('one person alone never approves what needs two, whatever they do', () => {
  const alone = actions.map((list) => list.map((action) => ({ ...action, who: 'user:bob' })));
  fc.assert(
    fc.property(alone, (list) => {
      run(aReview({ files: [native] }), list, () => assert.fail('approved'));
    }),
  );
});

test('every change raises the revision by one, so that two who change at once notice', () => {
  fc.assert(
    fc.property(actions, (list) => {
      let review = aReview();
      for (const action of list) {
        try {
          const next = act(review, action);
          assert.ok(next.revision > review.revision);
          review = next;
        } catch {
          // Refused: nothing changed.
        }
      }
    }),
  );
});

test('to know less than before is no news', () => {
  const { review } = rejectReview(aReview({ files: [aReviewedFile({ evidence: ['e1', 'e2'] })] }), {
    by: 'user:bob',
    at: NOW,
    reason: 'no',
  });
  assert.equal(
    addRequest(review, aReviewRequest({ files: [aReviewedFile({ evidence: ['e1'] })] })).review.state,
    'rejected',
  );
});
