import type { SeverityClaim } from './advisory.ts';
import type { Severity } from './match.ts';

const WORDS = new Map<string, Severity['level']>([
  ['low', 'low'],
  ['moderate', 'medium'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['important', 'high'],
  ['critical', 'critical'],
]);

/** Judges what a record claims: its worst vector, else the database's word, else unknown. */
export function judgeSeverity(claim: SeverityClaim | undefined): Severity | undefined {
  if (claim?.worst !== undefined) {
    const { vector, score } = claim.worst;
    return { level: levelOf(score), score, vector };
  }
  const level = WORDS.get(claim?.word?.trim().toLowerCase() ?? '');
  return level && { level };
}

/** Negative when `a` is worse than `b`, for `sort`; unknown comes last, which says nothing about how bad it is. */
export function compareSeverity(a: Severity | undefined, b: Severity | undefined): number {
  return weight(b) - weight(a);
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
