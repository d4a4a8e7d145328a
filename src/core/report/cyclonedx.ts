import { createHash } from 'node:crypto';
import type { Exploitation } from '../advisories/exploitation.ts';
import type { Severity } from '../advisories/match.ts';
import { formatPurl } from '../python/purl.ts';
import { type AuditFinding, type AuditReport, compareFindings, sayWayOut, sayWeight } from './audit-report.ts';
import { type Decision, decisionsOf } from './decision.ts';
import { plainLine } from './plain-line.ts';

const SCHEMA = 'http://cyclonedx.org/schema/bom-1.6.schema.json';

/**
 * A vulnerability disclosure report: CycloneDX 1.6 in JSON with what was looked up as components, and each defect once with
 * the components that it affects. Accepted findings are among them with the reason as analysis. The serial number is made
 * of the content, so that equal input gives equal bytes but for the time.
 */
export function renderCycloneDx(report: AuditReport, now: Date, version: string): string {
  return render(documentOf(report, decisionsOf(report), now, version));
}

/** The same with nothing but what the team decided: a VEX (https://cyclonedx.org/capabilities/vex/). */
export function renderCycloneDxVex(report: AuditReport, now: Date, version: string): string {
  return render(cycloneDxVexDocument(report, now, version));
}

/** The same as data. */
export function cycloneDxVexDocument(report: AuditReport, now: Date, version: string) {
  const decisions = decisionsOf(report);
  const decided = [...decisions.keys()];
  const named = new Set(decided.map(({ project, version: one }) => `${project} ${one}`));
  const pins = report.pins.filter((pin) => named.has(`${pin.project} ${pin.version}`));
  return documentOf({ ...report, pins, findings: decided, known: [], ignored: [] }, decisions, now, version);
}

function render(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function documentOf(report: AuditReport, decisions: ReadonlyMap<AuditFinding, Decision>, now: Date, version: string) {
  const body = {
    components: componentsOf(report),
    compositions: [{ aggregate: report.unaudited.length + report.errors.length > 0 ? 'incomplete' : 'unknown' }],
    vulnerabilities: vulnerabilitiesOf(report, decisions),
  };
  const { advisories, asOf } = report.data;
  return {
    $schema: SCHEMA,
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(body))}`,
    version: 1,
    metadata: {
      timestamp: now.toISOString(),
      lifecycles: [{ phase: 'pre-build' }],
      tools: { components: [{ type: 'application', name: 'wheelgate', version }] },
      properties: [
        { name: 'wheelgate:advisories', value: String(advisories) },
        ...(asOf === undefined ? [] : [{ name: 'wheelgate:advisories:as-of', value: asOf }]),
      ],
    },
    ...body,
  };
}

function componentsOf({ pins, findings }: AuditReport) {
  const byPurl = new Map<string, AuditReport['pins'][number][]>();
  for (const pin of pins) {
    const purl = formatPurl(pin.project, pin.version);
    byPurl.set(purl, [...(byPurl.get(purl) ?? []), pin]);
  }
  const policy = new Map<string, AuditFinding>();
  for (const finding of findings) {
    if (finding.kind === 'policy') policy.set(formatPurl(finding.project, finding.version), finding);
  }
  return [...byPurl]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([purl, [first, ...others]]) => {
      const all = [first!, ...others];
      const said = policy.get(purl);
      const groups = [...new Set(all.map(({ group }) => group))];
      const properties = [
        ...(groups.includes(undefined) ? [] : groups.map((group) => ({ name: 'wheelgate:group', value: group! }))),
        ...(said ? [{ name: 'wheelgate:policy', value: plainLine(`${sayWeight(said)}: ${said.summary ?? ''}`) }] : []),
      ];
      return {
        type: 'library',
        'bom-ref': purl,
        name: first!.project,
        version: first!.version,
        purl,
        evidence: {
          occurrences: all.map(({ file, line }) => ({
            location: plainLine(file),
            ...(line !== undefined && { line }),
          })),
        },
        ...(properties.length > 0 && { properties }),
      };
    });
}

function vulnerabilitiesOf({ findings, known, ignored }: AuditReport, decisions: ReadonlyMap<AuditFinding, Decision>) {
  const byId = new Map<string, AuditFinding[]>();
  for (const finding of [...findings, ...known, ...ignored.map(({ finding }) => finding)].sort(compareFindings)) {
    if (finding.kind === 'policy') continue;
    // What was decided has an analysis of its own.
    const key = `${finding.ids[0]} ${JSON.stringify(decisions.get(finding) ?? '')}`;
    byId.set(key, [...(byId.get(key) ?? []), finding]);
  }
  return [...byId.values()].map((all) => {
    const [first] = all;
    const { ids, summary, severity, kind, exploitation } = first!;
    const properties = exploitationProperties(exploitation);
    const [id, ...others] = ids;
    const decision = decisions.get(first!);
    const refs = [...new Map(all.map((one) => [formatPurl(one.project, one.version), one.version]))].sort();
    return {
      id,
      source: sourceOf(id!),
      ...(others.length > 0 && { references: others.map((other) => ({ id: other, source: sourceOf(other) })) }),
      ratings: [ratingOf(kind, severity)],
      ...(summary !== undefined && { description: summary }),
      recommendation: [...new Set(all.map((one) => `${one.project} ${one.version}: ${sayWayOut(one)}`))].join('\n'),
      ...(decision && { analysis: analysisOf(decision) }),
      affects: refs.map(([ref, version]) => ({ ref, versions: [{ version, status: 'affected' }] })),
      ...(properties.length > 0 && { properties }),
    };
  });
}

/** Properties: a rating with a score of 0 to 1 would be read as a harmless CVSS. */
function exploitationProperties({ epss, kev }: Exploitation = {}) {
  return [
    ...(epss
      ? [
          { name: 'wheelgate:epss:score', value: String(epss.score) },
          { name: 'wheelgate:epss:percentile', value: String(epss.percentile) },
          { name: 'wheelgate:epss:as-of', value: epss.asOf },
        ]
      : []),
    ...(kev
      ? [
          { name: 'wheelgate:kev:since', value: kev.since },
          { name: 'wheelgate:kev:ransomware', value: String(kev.ransomware) },
        ]
      : []),
  ];
}

function analysisOf({ notAffected, reason }: Decision) {
  if (notAffected) return { state: 'not_affected', justification: notAffected, detail: reason };
  return { state: 'exploitable', response: ['will_not_fix'], detail: reason };
}

function sourceOf(id: string) {
  return { name: 'OSV', url: `https://osv.dev/vulnerability/${encodeURIComponent(id)}` };
}

function ratingOf(kind: AuditFinding['kind'], severity: Severity | undefined) {
  if (kind === 'malware') return { severity: 'critical', method: 'other', justification: 'reported as malware' };
  if (severity === undefined) return { severity: 'unknown' };
  const { level, score, vector } = severity;
  return {
    severity: level,
    ...(score !== undefined && { score }),
    ...(vector !== undefined && { method: methodOf(vector), vector }),
  };
}

function methodOf(vector: string): string {
  const version = /^CVSS:(\d)\.(\d)\//.exec(vector);
  if (version === null) return 'CVSSv2';
  return version[1] === '3' && version[2] === '1' ? 'CVSSv31' : `CVSSv${version[1]}`;
}

/** A UUID of version 8 (RFC 9562): the digest is its own business. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
