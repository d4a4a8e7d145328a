import type { AuditReport } from './audit-report.ts';

/** The contract `wheelgate.audit/1` (src/api/audit.ts): these keys and no others. */
export function renderJson({ findings, unaudited, errors, data }: AuditReport): string {
  const report = {
    schema: 'wheelgate.audit/1',
    findings: findings.map(({ project, version, ids, kind, severity, fixed, file, line }) => ({
      project,
      version,
      ids,
      kind,
      severity: severity?.level ?? null,
      fixed,
      file,
      line: line ?? null,
    })),
    unaudited: unaudited.map(({ requirement, reason, file, line }) => ({
      requirement,
      reason,
      file,
      line: line ?? null,
    })),
    errors: errors.map(({ file, line, message }) => ({ file, line: line ?? null, message })),
    data: { advisories: data.advisories, as_of: data.asOf ?? null },
  };
  return `${JSON.stringify(report)}\n`;
}
