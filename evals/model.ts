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

export function fitModel(samples: readonly Sample[]): Model {
  return fit(samples, isWeighed, PENALTY);
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
