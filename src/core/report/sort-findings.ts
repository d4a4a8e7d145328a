import { type AuditFinding, compareFindings } from './audit-report.ts';

/** One release at one place with all that was found in it. */
export type AffectedRelease = Pick<AuditFinding, 'project' | 'version' | 'file' | 'line' | 'group'> & {
  readonly findings: readonly AuditFinding[];
};

/** Findings by release and place, the release with the worst finding first. */
export function byRelease(findings: readonly AuditFinding[]): readonly AffectedRelease[] {
  const releases = new Map<string, AuditFinding[]>();
  for (const finding of [...findings].sort(compareFindings)) {
    const key = `${finding.project} ${finding.version} ${finding.file}:${finding.line}`;
    const there = releases.get(key);
    if (there) there.push(finding);
    else releases.set(key, [finding]);
  }
  return [...releases.values()].map((all) => ({ ...all[0]!, findings: all }));
}
