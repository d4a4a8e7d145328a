import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aReview } from '../../../test/builders/a-review.ts';
import type { AuditEventInput } from '../audit/event.ts';
import type { Review } from './review.ts';
import { countedEvent, workflowFigures } from './workflow-figures.ts';

const START = new Date('2026-11-01T00:00:00Z');
const END = new Date('2026-11-08T00:00:00Z');
const hour = (n: number) => new Date(START.getTime() + n * 3_600_000);
const figures = (events: readonly AuditEventInput[], reviews: readonly Review[] = []) =>
  workflowFigures(
    events.flatMap((event) => countedEvent(event) ?? []),
    reviews,
    START,
    END,
  );

function event(
  type: AuditEventInput['type'],
  at: Date,
  detail: Readonly<Record<string, unknown>> = {},
): AuditEventInput {
  return { at, type, actor: 'a', subject: 's', detail };
}
const judged = (sha256: string, at: Date, verdict: string, ...rules: readonly string[]) =>
  event('verdict.recorded', at, { index: 'default', sha256, verdict, reasons: rules.map((rule) => ({ rule })) });

test('nothing happened: nothing is said, and not that all is well', () => {
  const { requests, decisions, reviews, backlog, falseHolds } = figures([]);
  assert.equal(requests.servedShare, null);
  assert.equal(decisions.unattendedShare, null);
  assert.deepEqual([reviews.medianHours, reviews.p90Hours, backlog.oldestHours, falseHolds], [null, null, null, []]);
});

test('requests of the time, and no others', () => {
  const { requests } = figures([
    event('file.served', hour(-1)),
    event('file.served', hour(1)),
    event('file.served', hour(2)),
    event('file.served', hour(3)),
    event('file.refused', hour(2)),
    event('file.refused', hour(1000)),
  ]);
  assert.deepEqual(requests, { served: 3, refused: 1, servedShare: 0.75 });
});

test('who settled a file is who decided last', () => {
  const { decisions } = figures([
    judged('a', hour(1), 'allow'),
    judged('b', hour(1), 'hold', 'new-project'),
    judged('b', hour(2), 'allow', 'approval'),
    judged('c', hour(1), 'block', 'known-malicious'),
    judged('d', hour(1), 'hold', 'cooldown'),
    judged('e', hour(1), 'block', 'revocation'),
    judged('f', hour(2), 'allow'),
    judged('f', hour(1), 'hold', 'cooldown'),
  ]);
  assert.deepEqual(decisions, { byRules: 3, byPeople: 2, held: 1, unattendedShare: 0.6 });
});

test('the same file on two indexes is decided twice', () => {
  const other = event('verdict.recorded', hour(1), { index: 'ml', sha256: 'a', verdict: 'allow', reasons: [] });
  assert.equal(figures([judged('a', hour(1), 'allow'), other]).decisions.byRules, 2);
});

const reason = (rule: string, effect = 'hold') => ({ rule, effect, message: 'm' });
function settled(state: 'approved' | 'rejected', hours: number, over: Partial<Review> = {}): Review {
  return {
    ...aReview(),
    state,
    openedAt: hour(0),
    outcome: { by: ['user:ana'], reason: 'read', at: hour(hours) },
    files: [
      {
        filename: 'f',
        verdict: 'hold',
        reasons: [reason('cooldown'), reason('yanked', 'note')],
        causes: [],
        evidence: [],
      },
    ],
    ...over,
  };
}

test('times of people, backlog, and rules that were wrong', () => {
  const byRules = { by: ['gate'], reason: 'x', at: hour(9) };
  const result = figures(
    [],
    [
      settled('approved', 1),
      settled('approved', 3),
      settled('rejected', 10),
      settled('approved', 1, { outcome: { by: ['user:ana'], reason: 'x', at: hour(-1) } }),
      settled('approved', 9, { state: 'unneeded', outcome: byRules }),
      { ...aReview(), state: 'open', openedAt: hour(24 * 6) },
    ],
  );
  assert.deepEqual(result.reviews, { approved: 2, rejected: 1, medianHours: 3, p90Hours: 10 });
  assert.deepEqual(result.backlog, { open: 1, oldestHours: 24 });
  assert.deepEqual(result.falseHolds, [{ rule: 'cooldown', settled: 3, approved: 2, share: 2 / 3 }]);
});
