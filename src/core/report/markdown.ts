import { sayExploitation, worstExploitation } from '../advisories/exploitation.ts';
import { adviseRaise } from '../lock/raise-advice.ts';
import { isRequirementsName } from '../manifest/read-manifest.ts';
import { compareVersions, tryParseVersion, type Version } from '../python/version.ts';
import { type AuditFinding, type AuditReport, sayWeight } from './audit-report.ts';
import { plainLine } from './plain-line.ts';
import { sayData, sayFindings, sayScope } from './say-counts.ts';
import { type AffectedRelease, byRelease } from './sort-findings.ts';

/** By this, who writes the comment finds its own again and edits it. */
const COMMENT_MARK = '<!-- wheelgate-audit -->';

/** A comment may be 65,536 characters long; what would go beyond is counted instead. */
const MAX_CHARACTERS = 60_000;
const MAX_ROWS = 200;
const MAX_COMMANDS = 5;

/** For a pull-request comment or a job summary: the verdict, one row per release, what to do, and the rest folded away. */
export function renderMarkdown(report: AuditReport, now: Date): string {
  const { findings, unaudited, errors, notes, warnings, data, known } = report;
  const isClean = findings.length + errors.length === 0;
  const counts = report.before || known.length > 0 ? `${findings.length} new, ${known.length} known before. ` : '';
  const about = `${counts}${escapeMarkdown(sayScope(report))}. ${escapeMarkdown(sayData(data, now))}.`;
  const lines = [
    COMMENT_MARK,
    `**Wheelgate audit: ${sayFindings(findings)}**`,
    '',
    ...(isClean ? ['<details><summary>What was looked at</summary>', '', about, '', '</details>'] : [about]),
    ...table(report),
    ...whatToDo(findings),
    ...folded(
      `${unaudited.length} not audited`,
      unaudited.map((item) => `${item.reason}: ${item.requirement} (${sayPlace(item)})`),
    ),
    ...folded(
      `${errors.length} unreadable`,
      errors.map((item) => `${item.message} (${sayPlace(item)})`),
    ),
    ...folded(
      `${notes.length} notes`,
      notes.map((item) => `${item.message} (${sayPlace(item)})`),
    ),
    ...folded(`${warnings.length} warnings`, warnings),
  ];
  return `${lines.join('\n')}\n`;
}

function table(report: AuditReport): readonly string[] {
  const releases = byRelease(report.findings);
  if (releases.length === 0) return [];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = [
    'Release',
    ...(report.before ? ['Change'] : []),
    'Where',
    ...(report.gate === undefined ? [] : ['Gate']),
    'Worst finding',
    'Severity',
    'Safe version',
  ];
  const rows: string[] = [];
  let size = 0;
  for (const release of releases.slice(0, MAX_ROWS)) {
    const next = row(cellsOf(release, report));
    size += next.length;
    if (size > MAX_CHARACTERS / 2) break;
    rows.push(next);
  }
  const left = releases.length - rows.length;
  return ['', row(head), row(head.map(() => '---')), ...rows, ...(left > 0 ? ['', `and ${left} more releases.`] : [])];
}

function cellsOf(release: AffectedRelease, { before, gate }: AuditReport): readonly string[] {
  const { project, version, group, findings } = release;
  const known = findings.filter(({ kind }) => kind !== 'policy');
  const policy = findings.find(({ kind }) => kind === 'policy');
  const [worst] = known;
  const more = known.length > 1 ? ` and ${known.length - 1} more` : '';
  const label = group === undefined ? '' : ` (${group})`;
  return [
    escapeMarkdown(`${project} ${version}`),
    ...(before ? [escapeMarkdown(sayChange(before.get(project), version))] : []),
    escapeMarkdown(`${sayPlace(release)}${label}`),
    ...(gate === undefined ? [] : [policy === undefined ? 'allowed' : sayPolicy(policy)]),
    // Without a gate's column a decision of the team is the finding.
    worst === undefined && gate === undefined && policy !== undefined
      ? escapeMarkdown(policy.summary ?? '')
      : escapeMarkdown(worst === undefined ? 'none' : `${worst.ids[0]} ${worst.summary ?? ''}`.trim()) + more,
    escapeMarkdown([sayWeight(worst ?? policy!), ...sayWorstExploitation(known)].join('; ')),
    escapeMarkdown(worst === undefined ? '' : (safeVersion(known) ?? 'none known')),
  ];
}

/** The worst finding need not be the one that is exploited. */
function sayWorstExploitation(findings: readonly AuditFinding[]): readonly string[] {
  return sayExploitation(worstExploitation(findings.flatMap(({ exploitation }) => exploitation ?? [])));
}

function sayPolicy(finding: AuditFinding): string {
  const said = `**${sayWeight(finding)}**: ${escapeMarkdown(finding.summary ?? '')}`;
  if (finding.url === undefined) return said;
  return `${said} ([details](<${safeUrl(finding.url)}>))`;
}

/** Nothing in it can end the link, or be anything but a part of the address. */
function safeUrl(url: string): string {
  return url.replace(/[^\w.~:/?&=%+-]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  );
}

/** `1.0 to 1.2`, `new`, `unchanged`. */
function sayChange(before: readonly string[] | undefined, version: string): string {
  if (before === undefined) return 'new';
  return before.includes(version) ? 'unchanged' : `${before.join(', ')} to ${version}`;
}

/** The lowest version that every finding names as fixed, or one above it; undefined when one of them names none. */
function safeVersion(findings: readonly AuditFinding[]): string | undefined {
  let safe: Version | undefined;
  for (const { fixed } of findings) {
    const version = tryParseVersion(fixed[0] ?? '');
    if (version === undefined) return undefined;
    if (safe === undefined || compareVersions(version, safe) > 0) safe = version;
  }
  return safe?.text;
}

function whatToDo(findings: readonly AuditFinding[]): readonly string[] {
  const fixable = byRelease(findings.filter(({ kind }) => kind !== 'policy')).flatMap((release) => {
    const safe = safeVersion(release.findings);
    return safe === undefined ? [] : [{ ...release, safe }];
  });
  if (fixable.length === 0) return [];
  const files = new Set(
    fixable.map(({ file }) => file).filter((file) => isRequirementsName(file) && isPlainPath(file)),
  );
  const advice = new Set(
    fixable
      .filter(({ file }) => !isRequirementsName(file))
      .map(({ file, project, safe }) => adviseRaise(file, project, safe)),
  );
  const lines = [...advice].slice(0, MAX_COMMANDS).map((text) => `- ${escapeMarkdown(text)}`);
  const command =
    files.size === 0 ? [] : ['```sh', `npx wheelgate audit --fix ${[...files].slice(0, 20).join(' ')}`, '```'];
  return command.length + lines.length === 0 ? [] : ['', 'What to do:', '', ...command, ...lines];
}

/** A path that a shell and a code block take as it is. */
function isPlainPath(path: string): boolean {
  return /^[\w./][\w./+-]*$/.test(path);
}

function folded(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  const shown: string[] = [];
  let size = 0;
  for (const item of items.slice(0, MAX_ROWS)) {
    const next = `- ${escapeMarkdown(item)}`;
    size += next.length;
    if (size > MAX_CHARACTERS / 10) break;
    shown.push(next);
  }
  const left = items.length - shown.length;
  const more = left > 0 ? [`- and ${left} more`] : [];
  return ['', `<details><summary>${title}</summary>`, '', ...shown, ...more, '', '</details>'];
}

/** Foreign text stays text: no markup, no links, no mentions, no further cell. */
function escapeMarkdown(text: string): string {
  return plainLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//')
    .replace(/#(?=\d)(?<!&#)/g, '&#35;')
    .replace(/[\\`*_[\]|~!]/g, '\\$&');
}

function sayPlace({ file, line }: { file: string; line?: number }): string {
  return line === undefined ? file : `${file}:${line}`;
}
