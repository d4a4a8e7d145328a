import { type AuditReport, sayWeight } from './audit-report.ts';
import { plainLine } from './plain-line.ts';
import { sayData, sayFindings, sayScope } from './say-counts.ts';
import { byRelease } from './sort-findings.ts';

/** A comment may be 65,536 characters long; the table ends before. */
const MAX_ROWS = 200;

/** For a pull-request comment or a job summary: the verdict, one row per finding, the rest folded away. */
export function renderMarkdown(report: AuditReport, now: Date): string {
  const { findings, unaudited, errors, notes, warnings, data } = report;
  const rows = byRelease(findings).flatMap((release) => release.findings);
  const lines = [
    `**Wheelgate audit: ${sayFindings(findings)}**`,
    '',
    `${escapeMarkdown(sayScope(report))}. ${escapeMarkdown(sayData(data, now))}.`,
    ...table(
      ['Release', 'Where', 'Finding', 'Severity', 'Fixed in'],
      rows
        .slice(0, MAX_ROWS)
        .map((finding) => [
          `${finding.project} ${finding.version}`,
          sayPlace(finding),
          `${finding.ids[0]}${finding.summary === undefined ? '' : ` ${finding.summary}`}`,
          sayWeight(finding),
          finding.fixed[0] ?? 'none known',
        ]),
    ),
    ...(rows.length > MAX_ROWS ? ['', `and ${rows.length - MAX_ROWS} more.`] : []),
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return ['', row(head), row(head.map(() => '---')), ...rows.map((cells) => row(cells.map(escapeMarkdown)))];
}

function folded(title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MAX_ROWS).map((item) => `- ${escapeMarkdown(item)}`);
  return ['', `<details><summary>${title}</summary>`, '', ...shown, '', '</details>'];
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
