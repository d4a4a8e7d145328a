import type { EvidenceClass } from '../src/core/analysis/scoring/evidence-class.ts';
import { fit, foldOf, type Model, packageEvidence, type Sample } from './learn.ts';

/** Strength of the penalties, chosen on cross-validation: recall at 1 % is flat between half and twice these. */
export const PENALTY = { l1: 0.02, l2: 0.5, prior: 0.25 };
export const ANONYMITY_FACTOR = 1.5;
const FOLDS = 5;
/** Groups first seen from here on are the later half of the time split. */
const TIME_CUT = '2024-07-01';

/**
 * Facts that honest setup scripts and API clients share with malware: given weight, they add up to false alarms. They
 * stay in the reasons and in the chains that are built on them.
 */
const WEIGHTLESS = new Set([
  'argument-exfiltration',
  'file-exfiltration',
  'variable-exfiltration',
  'download-to-file@call',
  'limit-reached@call',
  'limit-reached@run',
  'startup-code',
  // Such a file does not run, and our grammar refuses some that Python takes.
  'unparsable-code',
]);

export function isWeighed(feature: string): boolean {
  return !WEIGHTLESS.has(feature) && !WEIGHTLESS.has(feature.split('@')[0]!);
}

/**
 * What the training groups hardly show, because it came up later or is rare, and what nobody does by accident. Log odds
 * for each class in which such a finding counts (see units.ts): the class of code that is only called has no others to add up with, so
 * that it says more by itself. Findings that honest code shows when called have none there.
 */
const EXPECTED: Readonly<Record<string, Readonly<Partial<Record<EvidenceClass, number>>>>> = {
  'agent-abuse': { early: 8, run: 6, call: 12 },
  'clipboard-replacement': { early: 6, run: 6, call: 8 },
  'cloud-credentials': { early: 8 },
  'credential-command': { early: 8, run: 6, call: 8 },
  'credential-exfiltration': { early: 6 },
  'data-file-execution': { early: 6, run: 6, call: 6 },
  'dead-drop': { early: 6, run: 6, call: 6 },
  'encoded-code': { early: 6, run: 6, call: 8 },
  'environment-exfiltration': { early: 6 },
  'file-encryption': { early: 8, run: 8, call: 14 },
  'library-patch': { early: 8, run: 8, call: 12 },
  mining: { early: 8, run: 6, call: 8 },
  'native-memory': { early: 6 },
  'persistent-command': { early: 6, run: 6, call: 6 },
  republication: { early: 8 },
  'reverse-shell': { early: 8, run: 6, call: 6 },
  'secret-argument': { early: 8, run: 8, call: 12 },
  'secret-to-stranger': { early: 6, run: 6, call: 8 },
  'secret-sweep': { early: 6, run: 6, call: 6 },
  'secret-variables': { early: 8 },
  'web-page': { early: 4 },
};
const EXPECTED_ODDS = new Map(
  Object.entries(EXPECTED).flatMap(([rule, classes]) =>
    Object.entries(classes).map(([level, odds]) => [`${rule}@${level}`, odds] as const),
  ),
);

export function fitModel(samples: readonly Sample[]): Model {
  return fit(samples, isWeighed, PENALTY, EXPECTED_ODDS);
}

export type Scored<S extends Sample = Sample> = {
  readonly sample: S;
  readonly code: number;
  readonly anonymous: number;
};

export function scoreWith<S extends Sample>(model: Model, sample: S): Scored<S> {
  return {
    sample,
    code: packageEvidence(model, sample, 1),
    anonymous: packageEvidence(model, sample, ANONYMITY_FACTOR),
  };
}

/** Scores of every sample under a model that saw neither its group nor, for benign ones, its project. */
export function crossValidate<S extends Sample>(samples: readonly S[]): Scored<S>[] {
  const scored: Scored<S>[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fitModel(samples.filter((sample) => foldOf(sample.group, FOLDS) !== fold));
    for (const sample of samples) if (foldOf(sample.group, FOLDS) === fold) scored.push(scoreWith(model, sample));
  }
  return scored;
}

/** True for groups first seen in the later half of the time split. */
export function isLater({ date }: Sample): boolean {
  return (date ?? TIME_CUT) >= TIME_CUT;
}

/** Scores of later groups under a model of earlier ones; each half of the benign ones is scored by the model of the other. */
export function splitByTime<S extends Sample>(samples: readonly S[]): Scored<S>[] {
  const scored: Scored<S>[] = [];
  for (const half of [0, 1]) {
    const inHalf = (sample: S) => foldOf(sample.group, 2) === half;
    const model = fitModel(samples.filter((sample) => (sample.malicious ? !isLater(sample) : !inHalf(sample))));
    for (const sample of samples)
      if (inHalf(sample) && (!sample.malicious || isLater(sample))) scored.push(scoreWith(model, sample));
  }
  return scored;
}
