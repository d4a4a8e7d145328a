import type { Verdict } from './verdict.ts';

/** What a hold costs whoever waits for it. */
export type HoldCost = {
  /** The rules that hold, in the order of the reasons. */
  readonly rules: readonly string[];
  /** Until time alone lets the file in; absent: a person has to. */
  readonly hours?: number;
};

/** The cost of a hold that was met at `at`; undefined when nothing is held or when the file is blocked. */
export function holdCost(verdict: Verdict, at: Date): HoldCost | undefined {
  if (verdict.kind !== 'hold') return undefined;
  const holds = verdict.reasons.filter(({ effect }) => effect === 'hold');
  const rules = [...new Set(holds.map(({ rule }) => rule))];
  const ends = holds.map(({ until }) => until?.getTime());
  if (ends.some((end) => end === undefined)) return { rules };
  return { rules, hours: (Math.max(...ends.map((end) => end!)) - at.getTime()) / 3_600_000 };
}

/** What one rule costs over many requests. */
export type RuleCost = {
  readonly rule: string;
  readonly holds: number;
  /** Of those, the ones that only a person ends. */
  readonly attended: number;
  /** Over the holds that time ends. */
  readonly medianHours?: number;
  readonly longestHours?: number;
};

/** Adds up by rule, the costliest first: by people, then by holds. A hold of two rules counts for both. */
export function costByRule(costs: readonly HoldCost[]): readonly RuleCost[] {
  const byRule = new Map<string, HoldCost[]>();
  for (const cost of costs) {
    for (const rule of cost.rules) byRule.set(rule, [...(byRule.get(rule) ?? []), cost]);
  }
  return [...byRule]
    .map(([rule, held]) => {
      const hours = held.flatMap((cost) => cost.hours ?? []).sort((a, b) => a - b);
      return {
        rule,
        holds: held.length,
        attended: held.length - hours.length,
        ...(hours.length > 0 && { medianHours: hours[Math.floor(hours.length / 2)]!, longestHours: hours.at(-1)! }),
      };
    })
    .sort((a, b) => b.attended - a.attended || b.holds - a.holds);
}
