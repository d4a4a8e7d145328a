/** Learning and measuring on packages that are bags of units, each a set of named features. Pure and deterministic. */

export type Sample = {
  readonly id: string;
  readonly malicious: boolean;
  /** One group, one vote. */
  readonly group: string;
  /** First-seen date of the group, `YYYY-MM-DD`; absent for benign ones. */
  readonly date?: string;
  /** How many of six metadata fields are missing. */
  readonly missing: number;
  readonly units: readonly ReadonlySet<string>[];
};

export type Model = { readonly bias: number; readonly weights: ReadonlyMap<string, number> };

/**
 * `l2` pulls each weight towards `prior` times the log odds of its feature alone, so that a rare finding that honest code
 * never shows keeps a weight although few samples speak for it; `l1` removes what is worth nothing.
 */
export type Penalty = { readonly l1: number; readonly l2: number; readonly prior: number };

/**
 * Log odds that we expect of features of which the samples may hold too few, or none: the weight starts from them where the
 * samples say less, and honest ones that have the feature push it down.
 */
export type Expected = ReadonlyMap<string, number>;

const ROUNDS = 4;
const BENIGN_UNITS = 4;
const LATER_UNIT = 0.3;
const ITERATIONS = 400;

/** The evidence in one unit: the sum of its weights. */
export function evidence(model: Model, unit: ReadonlySet<string>): number {
  let sum = 0;
  for (const feature of unit) sum += model.weights.get(feature) ?? 0;
  return sum;
}

/** The strongest unit decides. Anonymity multiplies what behaviour has found and accuses nobody by itself. */
export function packageEvidence(model: Model, sample: Sample, anonymityFactor: number): number {
  let best = 0;
  for (const unit of sample.units) best = Math.max(best, evidence(model, unit));
  return sample.missing >= 2 ? best * anonymityFactor : best;
}

type Row = { readonly features: readonly number[]; readonly label: 0 | 1; readonly weight: number };

/**
 * Logistic weights that are never negative, by multi-instance learning: of a malicious package the strongest unit is
 * taken, of a benign one the four strongest, under the weights of the round before.
 */
export function fit(
  samples: readonly Sample[],
  usable: (feature: string) => boolean,
  penalty: Penalty,
  expected: Expected = new Map(),
): Model {
  const votes = countVotes(samples);
  const shown = samples.filter((each) => each.malicious).flatMap((each) => each.units.flatMap((unit) => [...unit]));
  const names = [...new Set([...shown, ...expected.keys()])].filter(usable).sort();
  const odds = logOdds(samples, names).map((measured, at) => Math.max(measured, expected.get(names[at]!) ?? 0));
  let model: Model = { bias: -3, weights: new Map(names.map((name, at) => [name, odds[at]! / 2])) };
  for (let round = 0; round < ROUNDS; round++)
    model = fitOnce(rowsOf(samples, model, names, votes), names, odds, penalty);
  return model;
}

function countVotes(samples: readonly Sample[]): Map<string, number> {
  const votes = new Map<string, number>();
  for (const { group } of samples) votes.set(group, (votes.get(group) ?? 0) + 1);
  return votes;
}

/** Log odds of each feature alone, one group one vote; never negative. */
function logOdds(samples: readonly Sample[], names: readonly string[]): number[] {
  const malicious = groupedFeatures(samples.filter((each) => each.malicious));
  const benign = groupedFeatures(samples.filter((each) => !each.malicious));
  const share = (among: readonly ReadonlySet<string>[], name: string) =>
    (among.filter((features) => features.has(name)).length + 0.5) / (among.length + 1);
  return names.map((name) => Math.max(0, Math.log(share(malicious, name) / share(benign, name))));
}

function groupedFeatures(samples: readonly Sample[]): ReadonlySet<string>[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, units } of samples) {
    const features = groups.get(group) ?? new Set<string>();
    for (const unit of units) for (const feature of unit) features.add(feature);
    groups.set(group, features);
  }
  return [...groups.values()];
}

function rowsOf(
  samples: readonly Sample[],
  model: Model,
  names: readonly string[],
  votes: ReadonlyMap<string, number>,
): Row[] {
  const index = new Map(names.map((name, at) => [name, at]));
  const rows: Row[] = [];
  for (const sample of samples) {
    const ranked = [...sample.units]
      .sort((a, b) => evidence(model, b) - evidence(model, a))
      .slice(0, sample.malicious ? 1 : BENIGN_UNITS);
    const weight = 1 / (votes.get(sample.group) ?? 1);
    for (const [rank, unit] of ranked.entries()) {
      const features = [...unit].flatMap((name) => index.get(name) ?? []);
      rows.push({ features, label: sample.malicious ? 1 : 0, weight: rank === 0 ? weight : weight * LATER_UNIT });
    }
    if (ranked.length === 0) rows.push({ features: [], label: sample.malicious ? 1 : 0, weight });
  }
  return rows;
}

/** Accelerated proximal gradient descent; the step comes from the largest row, so that it cannot diverge. */
function fitOnce(rows: readonly Row[], names: readonly string[], odds: readonly number[], penalty: Penalty): Model {
  const longest = Math.max(1, ...rows.map((row) => row.features.length + 1));
  const step = (4 / (longest * rows.reduce((sum, row) => sum + row.weight, 0))) * 8;
  let weights = new Float64Array(names.length);
  let previous = weights;
  let bias = -3;
  let previousBias = bias;
  for (let iteration = 1; iteration <= ITERATIONS; iteration++) {
    const momentum = (iteration - 1) / (iteration + 2);
    const ahead = weights.map((value, at) => value + momentum * (value - previous[at]!));
    const aheadBias = bias + momentum * (bias - previousBias);
    const gradient = new Float64Array(names.length);
    let biasGradient = 0;
    for (const row of rows) {
      let sum = aheadBias;
      for (const at of row.features) sum += ahead[at]!;
      const error = row.weight * (1 / (1 + Math.exp(-sum)) - row.label);
      biasGradient += error;
      for (const at of row.features) gradient[at]! += error;
    }
    previous = weights;
    previousBias = bias;
    weights = ahead.map((value, at) =>
      Math.max(0, value - step * (gradient[at]! + penalty.l2 * (value - penalty.prior * odds[at]!) + penalty.l1)),
    );
    bias = aheadBias - step * biasGradient;
  }
  return { bias, weights: new Map(names.flatMap((name, at) => (weights[at]! > 0.02 ? [[name, weights[at]!]] : []))) };
}

/** The score that at most `share` of the benign ones exceed. */
export function lineAtFalseAlarms(benign: readonly number[], share: number): number {
  const sorted = [...benign].sort((a, b) => b - a);
  return sorted[Math.floor(share * sorted.length)] ?? 0;
}

/** One vote per group: the share of its packages above the line. */
export function votesAbove(
  line: number,
  scored: readonly { readonly group: string; readonly score: number }[],
): number[] {
  const byGroup = new Map<string, number[]>();
  for (const { group, score } of scored) byGroup.set(group, [...(byGroup.get(group) ?? []), score > line ? 1 : 0]);
  return [...byGroup.values()].map((votes) => votes.reduce((sum, vote) => sum + vote, 0) / votes.length);
}

/** A stable fold of a group: FNV-1a over its name. */
export function foldOf(group: string, folds: number): number {
  let hash = 0x811c9dc5;
  for (const char of group) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash % folds;
}
