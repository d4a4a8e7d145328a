import { featuresOf, type JudgedUnit } from '../units.ts';
import { WEIGHTS } from './weights.ts';

/** How sure we are, from the lines in weights.ts: nothing, worth a remark, withheld until a person looked, refused. */
export type BehaviourVerdict = 'none' | 'note' | 'hold' | 'block';

/** The judgement of the strongest unit. */
export type Score = {
  /** Estimated share of malicious packages among those of the training data that look like this, 0 to 1. */
  readonly probability: number;
  readonly verdict: BehaviourVerdict;
  readonly unit: JudgedUnit | undefined;
};

/** Below this many filled fields a package counts as anonymous. */
const ANONYMOUS_FIELDS = 2;

/**
 * Scores a package by its strongest unit: honest packages own every finding somewhere, malicious ones have them together.
 * Anonymity multiplies the evidence of behaviour and is none by itself.
 */
export function scoreUnits(units: readonly JudgedUnit[], missingFields: number): Score {
  let strongest: JudgedUnit | undefined;
  let most = 0;
  for (const unit of units) {
    const evidence = evidenceOf(unit);
    if (evidence > most) {
      most = evidence;
      strongest = unit;
    }
  }
  const evidence = missingFields >= ANONYMOUS_FIELDS ? most * WEIGHTS.anonymityFactor : most;
  const probability = strongest === undefined ? 0 : 1 / (1 + Math.exp(-(WEIGHTS.bias + evidence)));
  return { probability, verdict: verdictOf(evidence), unit: strongest };
}

/** The evidence in a unit: the weights of its features together. */
function evidenceOf(unit: JudgedUnit): number {
  let sum = 0;
  for (const feature of featuresOf(unit)) sum += WEIGHTS.features[feature] ?? 0;
  return sum;
}

/** What one rule adds to the evidence of its unit. */
export function evidenceOfRule(unit: JudgedUnit, rule: string): number {
  let sum = 0;
  for (const feature of featuresOf(unit)) if (feature.startsWith(`${rule}@`)) sum += WEIGHTS.features[feature] ?? 0;
  return sum;
}

function verdictOf(evidence: number): BehaviourVerdict {
  if (evidence > WEIGHTS.lines.block) return 'block';
  if (evidence > WEIGHTS.lines.hold) return 'hold';
  return evidence > WEIGHTS.lines.note ? 'note' : 'none';
}
