import { sayExploitationAge } from '../advisories/exploitation.ts';
import { sayDuration } from '../duration.ts';
import type { AuditFinding, AuditReport } from './audit-report.ts';

const ORDER = ['malware', 'blocked', 'critical', 'high', 'medium', 'low', 'unknown', 'held'] as const;

/** `3 findings: 1 malware, 2 high`. */
export function sayFindings(findings: readonly AuditFinding[]): string {
  const counts = ORDER.map((level) => ({ level, count: findings.filter((one) => levelOf(one) === level).length }))
    .filter(({ count }) => count > 0)
    .map(({ level, count }) => `${count} ${level}`);
  return `${findings.length} finding${findings.length === 1 ? '' : 's'}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
}

/** `113 releases in 2 files, 3 not audited, 1 line unreadable, 2 ignored, 5 known`. */
export function sayScope({ releases, files, unaudited, errors, ignored, known }: AuditReport): string {
  const parts = [
    `${count(releases, 'release')} in ${count(files.length, 'file')}`,
    unaudited.length > 0 ? `${unaudited.length} not audited` : '',
    errors.length > 0 ? `${errors.length} unreadable` : '',
    ignored.length > 0 ? `${ignored.length} ignored` : '',
    known.length > 0 ? `${known.length} known from the baseline` : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** `12790 advisories, the newest of 2024-10-01 (2 days old)`. */
export function sayData({ advisories, asOf, exploitation = {} }: AuditReport['data'], now: Date): string {
  if (asOf === undefined) return 'no advisory data';
  const age = now.getTime() - Date.parse(asOf);
  const said = `${advisories} advisories, the newest of ${asOf.slice(0, 10)}${age > 0 ? ` (${sayDuration(age)} old)` : ''}`;
  return [said, ...sayExploitationAge(exploitation, now)].join(', ');
}

function levelOf({ kind, effect, severity }: AuditFinding): (typeof ORDER)[number] {
  if (kind === 'policy') return effect === 'hold' ? 'held' : 'blocked';
  return kind === 'malware' ? 'malware' : (severity?.level ?? 'unknown');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
