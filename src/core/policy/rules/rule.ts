import type { Effect } from '../../finding.ts';
import type { Evidence } from '../evidence.ts';
import type { RuleId, RuleSettings } from '../policy.ts';
import type { Reason } from '../verdict.ts';

/**
 * One built-in rule: reads evidence, gives reasons, never throws and never looks at anything else. The effect of a reason
 * is at most the rule's configured effect.
 */
export type Rule<Id extends RuleId = RuleId> = {
  readonly id: Id;
  /** One line for `docs/policy.md` and `wheelgate policy check`. */
  readonly summary: string;
  check(evidence: Evidence, settings: RuleSettings[Id], now: Date): readonly Reason[];
};

const WEIGHT: Readonly<Record<Effect, number>> = { note: 0, hold: 1, block: 2 };

/** The weaker of two effects: what a finding asks for, limited by what the policy grants its rule. */
export function weaker(a: Effect, b: Effect): Effect {
  return WEIGHT[a] <= WEIGHT[b] ? a : b;
}

/** Makes reasons of one rule whose settings hold a single effect; `off` rules are not asked (decide.ts). */
export function reason(
  rule: RuleId,
  settings: { effect: Effect | 'off' },
  message: string,
  more?: Pick<Reason, 'until'>,
): Reason {
  return { rule, effect: settings.effect === 'off' ? 'note' : settings.effect, message, ...more };
}
