import cvss from 'ae-cvss-calculator';
import type { SeverityClaim } from './advisory.ts';
import type { Severity } from './match.ts';

// The calculator reads anything else as an incomplete CVSS 2 vector.
const KNOWN_VECTOR = /^(?:CVSS:(?:3\.[01]|4\.0)\/|\(?AV:)/;

const WORDS = new Map<string, Severity['level']>([
  ['low', 'low'],
  ['moderate', 'medium'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['important', 'high'],
  ['critical', 'critical'],
]);

/**
 * Judges what a record claims: the highest base score of its complete vectors, else the database's word, else unknown.
 * Base scores only: temporal and environmental metrics are somebody else's moment or network.
 */
export function judgeSeverity(claim: SeverityClaim | undefined): Severity | undefined {
  if (claim === undefined) return undefined;
  let worst: Severity | undefined;
  for (const vector of claim.vectors) {
    const score = baseScore(vector);
    if (score !== undefined && score > (worst?.score ?? -1)) worst = { level: levelOf(score), score, vector };
  }
  if (worst !== undefined) return worst;
  const level = WORDS.get(claim.word?.trim().toLowerCase() ?? '');
  return level && { level };
}

/** Negative when `a` is worse than `b`, for `sort`; unknown comes last, which says nothing about how bad it is. */
export function compareSeverity(a: Severity | undefined, b: Severity | undefined): number {
  return weight(b) - weight(a);
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

/** CVSS 3.1 and 4.0, "Qualitative Severity Rating Scale", for CVSS 2 too; its 0.0 ("none") is our lowest level. */
function levelOf(score: number): Severity['level'] {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

const LOWEST_SCORE = { low: 0, medium: 4, high: 7, critical: 9 } as const;

function weight(severity: Severity | undefined): number {
  if (severity === undefined) return -1;
  return severity.score ?? LOWEST_SCORE[severity.level];
}
