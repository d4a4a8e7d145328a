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

export type Penalty = { readonly l1: number; readonly l2: number };

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
export function fit(samples: readonly Sample[], usable: (feature: string) => boolean, penalty: Penalty): Model {
  const votes = countVotes(samples);
  const names = [
    ...new Set(samples.filter((each) => each.malicious).flatMap((each) => each.units.flatMap((unit) => [...unit]))),
  ]
    .filter(usable)
    .sort();
  let model = startingPoint(samples, names);
  for (let round = 0; round < ROUNDS; round++) model = fitOnce(rowsOf(samples, model, names, votes), names, penalty);
  return model;
}

function countVotes(samples: readonly Sample[]): Map<string, number> {
  const votes = new Map<string, number>();
  for (const { group } of samples) votes.set(group, (votes.get(group) ?? 0) + 1);
  return votes;
}

/** Log odds of each feature alone, halved because features overlap. */
function startingPoint(samples: readonly Sample[], names: readonly string[]): Model {
  const weights = new Map<string, number>();
  const malicious = samples.filter((each) => each.malicious);
  const benign = samples.filter((each) => !each.malicious);
  const share = (among: readonly Sample[], name: string) =>
    (among.filter((each) => each.units.some((unit) => unit.has(name))).length + 0.5) / (among.length + 1);
  for (const name of names) weights.set(name, Math.max(0, Math.log(share(malicious, name) / share(benign, name)) / 2));
  return { bias: -3, weights };
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
function fitOnce(rows: readonly Row[], names: readonly string[], penalty: Penalty): Model {
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
    weights = ahead.map((value, at) => Math.max(0, value - step * (gradient[at]! + penalty.l2 * value + penalty.l1)));
    bias = aheadBias - step * biasGradient;
  }
  return { bias, weights: new Map(names.flatMap((name, at) => (weights[at]! > 0.02 ? [[name, weights[at]!]] : []))) };
}

/** The score that at most `share` of the benign ones exceed. */
export function lineAtFalseAlarms(benign: readonly number[], share: number): number {
  const sorted = [...benign].sort((a, b) => b - a);
  return sorted[Math.floor(share * sorted.length)] ?? 0;
}

/** Share of malicious groups above the line, one group one vote. */
export function recallAbove(
  line: number,
  scored: readonly { readonly group: string; readonly score: number }[],
): number {
  const byGroup = new Map<string, number[]>();
  for (const { group, score } of scored) byGroup.set(group, [...(byGroup.get(group) ?? []), score > line ? 1 : 0]);
  const shares = [...byGroup.values()].map((votes) => votes.reduce((sum, vote) => sum + vote, 0) / votes.length);
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

/** A stable fold of a group: FNV-1a over its name. */
export function foldOf(group: string, folds: number): number {
  let hash = 0x811c9dc5;
  for (const char of group) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash % folds;
}
