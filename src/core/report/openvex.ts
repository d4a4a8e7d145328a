import { createHash } from 'node:crypto';
import { formatPurl } from '../python/purl.ts';
import type { AuditFinding, AuditReport } from './audit-report.ts';
import { type Decision, decisionsOf } from './decision.ts';
import { JUSTIFICATIONS } from './justification.ts';

/**
 * What the team decided as OpenVEX 0.2.0 (https://github.com/openvex/spec): one statement for each defect and decision, over
 * the releases that it is about. Equal input gives equal text but for the time.
 */
export function renderOpenVex(report: AuditReport, now: Date, version: string): string {
  return `${JSON.stringify(openVexDocument(report, now, version), undefined, 2)}\n`;
}

/** The same as data. */
export function openVexDocument(report: AuditReport, now: Date, version: string) {
  const groups = new Map<string, { readonly decision: Decision; readonly findings: AuditFinding[] }>();
  for (const [finding, decision] of decisionsOf(report)) {
    if (finding.kind === 'policy') continue;
    const key = JSON.stringify([finding.ids, decision]);
    const there = groups.get(key) ?? { decision, findings: [] };
    there.findings.push(finding);
    groups.set(key, there);
  }
  const statements = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => statementOf(group));
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://openvex.dev/docs/public/vex-${createHash('sha256').update(JSON.stringify(statements)).digest('hex')}`,
    author: 'wheelgate',
    timestamp: now.toISOString(),
    version: 1,
    tooling: `wheelgate ${version}`,
    statements,
  };
}

function statementOf({ decision, findings }: { readonly decision: Decision; readonly findings: AuditFinding[] }) {
  const [name, ...aliases] = findings[0]!.ids;
  const { notAffected, reason } = decision;
  const purls = [...new Set(findings.map(({ project, version }) => formatPurl(project, version)))].sort();
  return {
    vulnerability: { name, ...(aliases.length > 0 && { aliases }) },
    products: purls.map((purl) => ({ '@id': purl, identifiers: { purl } })),
    ...(notAffected
      ? { status: 'not_affected', justification: JUSTIFICATIONS[notAffected], impact_statement: reason }
      : { status: 'affected', action_statement: reason }),
  };
}
