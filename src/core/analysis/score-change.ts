import type { BehaviourChange } from './compare-behaviour.ts';
import type { Context } from './fact.ts';
import { WEIGHTS } from './scoring/weights.ts';

/** Log odds of one kind of gain, set by hand: code that runs unasked gains next to nothing in honest updates. */
const GAIN: Readonly<Record<Context, number>> = { install: 1.5, 'start-up': 1.5, import: 1.5, entry: 1, call: 0.5 };

/**
 * Ranks an update by what is new in it, 0 nothing to 1: the evidence of the strongest piece of code that grew, and what
 * files gained. Monotone, not calibrated.
 */
export function scoreChange({ gained, strengthened }: BehaviourChange): number {
  const gains = new Map(gained.map(({ capability, context }) => [`${capability}@${context}`, GAIN[context]]));
  const evidence = [...gains.values()].reduce((sum, each) => sum + each, strengthened[0]?.evidence ?? 0);
  return evidence === 0 ? 0 : 1 / (1 + Math.exp(-(WEIGHTS.bias + evidence)));
}
