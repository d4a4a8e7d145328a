import { createHash } from 'node:crypto';
import { sayExploitation } from '../advisories/exploitation.ts';
import type { Place } from '../manifest/manifest.ts';
import { formatPurl } from '../python/purl.ts';
import { type AuditFinding, type AuditReport, compareFindings, sayWayOut, sayWeight } from './audit-report.ts';

/** What GitHub takes of one run; of more it shows the first 5,000. */
const MAX_RESULTS = 25_000;

/** Of the descriptions of a rule, in characters. */
const MAX_DESCRIPTION = 1_024;

/** When only the word is known, the lowest score that it stands for; malware is as bad as it gets. */
const SCORES = { low: 0.1, medium: 4, high: 7, critical: 9 } as const;

/**
 * SARIF 2.1.0 as GitHub's code scanning reads it: one rule per defect with `security-severity`, results on the lines of
 * the requirements, and fingerprints that survive moved lines. Known and ignored findings are marked, not left out.
 */
export function renderSarif(report: AuditReport, version: string): string {
  const ignored = new Map(report.ignored.map(({ finding, reason }) => [finding, reason]));
  const known = new Set(report.known);
  const all = [...report.findings, ...known, ...ignored.keys()].sort(compareFindings).slice(0, MAX_RESULTS);
  const rules = new Map(all.map((finding) => [finding.ids[0]!, ruleOf(finding)]));
  const noteCodes = [...new Set(report.notes.map(({ code }) => code))];
  const ids = [...rules.keys(), ...noteCodes];
  const run = {
    tool: {
      driver: {
        name: 'Wheelgate',
        semanticVersion: version,
        rules: [...rules.values(), ...noteCodes.map(noteRule)],
      },
    },
    automationDetails: { id: 'wheelgate/audit/' },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: report.errors.length === 0,
        toolExecutionNotifications: report.errors.map((error) => ({
          level: 'error',
          message: { text: error.message },
          locations: [locationOf(error)],
        })),
      },
    ],
    results: [
      ...all.map((finding) => ({
        ruleId: finding.ids[0],
        ruleIndex: ids.indexOf(finding.ids[0]!),
        level: levelOf(finding),
        message: { text: messageOf(finding) },
        locations: [locationOf(finding)],
        partialFingerprints: { 'wheelgateAudit/v1': fingerprint(finding) },
        baselineState: known.has(finding) ? 'unchanged' : 'new',
        ...(ignored.has(finding) && { suppressions: [{ kind: 'external', justification: ignored.get(finding) }] }),
      })),
      ...report.notes.slice(0, Math.max(0, MAX_RESULTS - all.length)).map((note) => ({
        ruleId: note.code,
        ruleIndex: ids.indexOf(note.code),
        level: 'note',
        message: { text: note.message },
        locations: [locationOf(note)],
        partialFingerprints: { 'wheelgateAudit/v1': sha256(`${note.code}|${note.message}|${note.file}`) },
      })),
    ],
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] })}\n`;
}

function ruleOf({ ids, kind, severity, summary, exploitation }: AuditFinding) {
  if (kind === 'policy') return policyRule(ids[0]!);
  const score = kind === 'malware' ? 10 : severity && (severity.score ?? SCORES[severity.level]);
  const text = (summary ?? ids.join(', ')).slice(0, MAX_DESCRIPTION);
  return {
    id: ids[0],
    name: kind === 'malware' ? 'KnownMalware' : 'KnownVulnerability',
    shortDescription: { text },
    fullDescription: { text },
    help: {
      text: ids.join(', '),
      markdown: ids.map((id) => `- [${id}](https://osv.dev/vulnerability/${encodeURIComponent(id)})`).join('\n'),
    },
    helpUri: `https://osv.dev/vulnerability/${encodeURIComponent(ids[0]!)}`,
    properties: {
      tags: ['security', kind, ...(exploitation?.kev ? ['known-exploited'] : [])],
      // Absent, GitHub shows the level instead: unknown is not low.
      ...(score !== undefined && { 'security-severity': score.toFixed(1) }),
      ...(exploitation?.epss && { epss: exploitation.epss.score }),
      ...(exploitation?.kev && { 'known-exploited-since': exploitation.kev.since }),
    },
  };
}

/** What the gate refuses does not install: that is as urgent as a defect of high severity. */
function policyRule(rule: string) {
  const text = `The gate does not let it in: ${rule.replaceAll('-', ' ')}`;
  return {
    id: rule,
    name: 'Policy',
    shortDescription: { text },
    fullDescription: { text },
    help: { text: 'Ask for an approval, or take a release that the gate lets in.' },
    properties: { tags: ['security', 'policy'], 'security-severity': '7.0' },
  };
}

function noteRule(code: string) {
  return { id: code, shortDescription: { text: code.replaceAll('-', ' ') }, properties: { tags: ['maintainability'] } };
}

function messageOf(finding: AuditFinding): string {
  const { project, version, ids, summary } = finding;
  const wayOut = sayWayOut(finding);
  const what = summary === undefined ? '' : `${summary.replace(/[.\s]*$/, '')}. `;
  return `${project} ${version}: ${ids.join(', ')} (${[sayWeight(finding), ...sayExploitation(finding.exploitation)].join('; ')}). ${what}${wayOut.charAt(0).toUpperCase()}${wayOut.slice(1)}.`;
}

function levelOf({ kind, effect, severity }: AuditFinding): 'error' | 'warning' | 'note' {
  if (effect === 'hold') return 'warning';
  if (kind !== 'vulnerability' || severity?.level === 'critical' || severity?.level === 'high') return 'error';
  return severity?.level === 'low' ? 'note' : 'warning';
}

function locationOf({ file, line }: Place) {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line ?? 1 } },
  };
}

/** A relative path stays relative, for GitHub joins it to the repository. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/');
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  if (path.startsWith('/')) return `file://${encoded}`;
  return /^[A-Za-z]:\//.test(path) ? `file:///${encoded}` : encoded.replace(/^(?:\.\/)+/, '');
}

/** The same defect of the same release in the same file, wherever its line moved and whichever id names it. */
function fingerprint({ ids, project, version, file }: AuditFinding): string {
  return sha256(`${[...ids].sort().join(' ')}|${formatPurl(project, version)}|${uriOf(file)}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
