import { ALL_RULES as BEHAVIOUR_RULES } from '../analysis/rules/all-rules.ts';
import { ALL_RULES as POLICY_RULES } from '../policy/rules/all-rules.ts';
import type { ReportedScan } from './scan-result.ts';

const LEVEL = { note: 'note', hold: 'warning', block: 'error' } as const;
const MAX_SNIPPET = 1000;

/**
 * SARIF 2.1.0: a result per finding. A member of an archive is an artifact nested in that of the archive (section 3.24.3),
 * so that file and line are true.
 */
export function renderScanSarif(scans: readonly ReportedScan[]): string {
  const rules = [...new Set(scans.flatMap(({ findings }) => findings.map(({ rule }) => rule)))].sort();
  const artifacts: object[] = [];
  const results = scans.flatMap(({ input, sha256, findings, score }) => {
    const parentIndex = artifacts.push({ location: { uri: asUri(input) } }) - 1;
    const members = new Map<string, number>();
    return findings.map(({ rule, effect, message, file, line, context }) => {
      let index = parentIndex;
      let uri = asUri(input);
      if (file !== null) {
        const isMember = sha256 !== null;
        uri = isMember ? `/${asUri(file)}` : asUri(`${input.replace(/[\\/]+$/, '')}/${file}`);
        const artifact = { location: { uri }, ...(isMember && { parentIndex }) };
        index = members.get(file) ?? artifacts.push(artifact) - 1;
        members.set(file, index);
      }
      const snippet = context === null ? {} : { snippet: { text: context.slice(0, MAX_SNIPPET) } };
      const region = line === null ? {} : { region: { startLine: line, ...snippet } };
      return {
        ruleId: rule,
        ruleIndex: rules.indexOf(rule),
        level: LEVEL[effect],
        message: { text: message },
        rank: Math.round(score * 1000) / 10,
        locations: [{ physicalLocation: { artifactLocation: { uri, index }, ...region } }],
      };
    });
  });
  const driver = {
    name: 'Wheelgate',
    rules: rules.map((id) => ({ id, ...describe(id) })),
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, artifacts, results }],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function describe(id: string): object {
  const rule = BEHAVIOUR_RULES.find((each) => each.id === id);
  if (rule !== undefined) {
    return {
      shortDescription: { text: `The code ${rule.title}.` },
      fullDescription: { text: rule.description },
      help: { text: rule.remedy },
    };
  }
  const summary = Object.values(POLICY_RULES).find((each) => each.id === id)?.summary;
  return summary === undefined ? {} : { shortDescription: { text: summary } };
}

/** A relative or absolute path as a URI reference (RFC 3986): what is not allowed in a path is escaped. */
function asUri(path: string): string {
  // A lone surrogate has no UTF-8, and encodeURIComponent refuses it: through a buffer it becomes U+FFFD.
  const parts = Buffer.from(path).toString().split(/[\\/]/).map(encodeURIComponent);
  // A first part with a colon would be read as a scheme; encodeURIComponent escapes colons.
  return parts.join('/');
}
