import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW } from '../../../test/builders/an-evidence.ts';
import { costByRule, holdCost } from './hold-cost.ts';
import type { Reason, Verdict } from './verdict.ts';

const inHours = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
const hold = (rule: string, hours?: number): Reason => ({
  rule,
  effect: 'hold',
  message: 'x',
  ...(hours !== undefined && { until: inHours(hours) }),
});

const CASES: readonly [why: string, verdict: Verdict, cost: ReturnType<typeof holdCost>][] = [
  ['nothing is held', { kind: 'allow', reasons: [] }, undefined],
  ['a block is no hold', { kind: 'block', reasons: [{ rule: 'archive', effect: 'block', message: 'x' }] }, undefined],
  ['time ends it', { kind: 'hold', reasons: [hold('cooldown', 30)] }, { rules: ['cooldown'], hours: 30 }],
  ['the longest counts', { kind: 'hold', reasons: [hold('a', 3), hold('b', 5)] }, { rules: ['a', 'b'], hours: 5 }],
  ['one for a person is enough', { kind: 'hold', reasons: [hold('a', 3), hold('b')] }, { rules: ['a', 'b'] }],
  [
    'notes cost nothing',
    { kind: 'hold', reasons: [hold('a', 3), { rule: 'n', effect: 'note', message: 'x' }] },
    { rules: ['a'], hours: 3 },
  ],
];

for (const [why, verdict, cost] of CASES) {
  test(`cost of a hold: ${why}`, () => assert.deepEqual(holdCost(verdict, NOW), cost));
}

test('costs add up by rule, people first', () => {
  assert.deepEqual(
    costByRule([
      { rules: ['cooldown'], hours: 2 },
      { rules: ['cooldown'], hours: 8 },
      { rules: ['cooldown'], hours: 4 },
      { rules: ['behaviour', 'cooldown'] },
    ]),
    [
      { rule: 'cooldown', holds: 4, attended: 1, medianHours: 4, longestHours: 8 },
      { rule: 'behaviour', holds: 1, attended: 1 },
    ],
  );
});
