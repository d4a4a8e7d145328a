import cvss from 'ae-cvss-calculator';

// The calculator reads anything else as an incomplete CVSS 2 vector.
const KNOWN_VECTOR = /^(?:CVSS:(?:3\.[01]|4\.0)\/|\(?AV:)/;

/** `score` is the base score of `vector`, 0.0 to 10.0. */
export type ScoredVector = { readonly vector: string; readonly score: number };

/**
 * The vector with the highest base score among those that are complete. Base scores only: temporal and environmental
 * metrics are somebody else's moment or network.
 */
export function worstVector(vectors: readonly string[]): ScoredVector | undefined {
  let worst: ScoredVector | undefined;
  for (const vector of vectors) {
    const score = baseScore(vector);
    if (score !== undefined && score > (worst?.score ?? -1)) worst = { vector, score };
  }
  return worst;
}

/** Base score 0.0 to 10.0 of a CVSS 2, 3.0, 3.1 or 4.0 vector; undefined for what is incomplete or no vector. */
function baseScore(vector: string): number | undefined {
  if (!KNOWN_VECTOR.test(vector)) return undefined;
  const parsed = cvss.fromVector(vector);
  if (!parsed?.isBaseFullyDefined()) return undefined;
  const scores = parsed.calculateScores();
  // In CVSS 4 `base` takes threat metrics in.
  return 'baseMetricsOnly' in scores ? scores.baseMetricsOnly : scores.base;
}
