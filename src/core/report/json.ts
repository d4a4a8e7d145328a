import type { AuditReport } from './audit-report.ts';

/** The contract `wheelgate.audit/1` (src/api/audit.ts): these keys and no others. */
export function renderJson({ findings, unaudited, errors, data }: AuditReport): string {
  const report = {
    schema: 'wheelgate.audit/1',
    findings: findings.map(({ project, version, ids, kind, severity, exploitation, fixed, file, line }) => ({
      project,
      version,
      ids,
      kind,
      severity: severity?.level ?? null,
      ...(exploitation?.epss && {
        epss: { score: exploitation.epss.score, percentile: exploitation.epss.percentile },
      }),
      ...(exploitation?.kev && { kev: exploitation.kev }),
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
    data: {
      advisories: data.advisories,
      as_of: data.asOf ?? null,
      ...(data.exploitation?.epss && { epss_as_of: data.exploitation.epss }),
      ...(data.exploitation?.kev && { kev_as_of: data.exploitation.kev }),
    },
  };
  return `${JSON.stringify(report)}\n`;
}
