import { sayExploitation } from '../advisories/exploitation.ts';
import type { Place } from '../manifest/manifest.ts';
import { type AuditReport, compareFindings, sayWayOut, sayWeight } from './audit-report.ts';
import { plainLine } from './plain-line.ts';

type Level = 'error' | 'warning' | 'notice';

/**
 * Workflow commands of GitHub Actions: an annotation on the line of each requirement. GitHub shows ten errors and ten
 * warnings of a step, so the worst come first.
 */
export function renderGithub({ findings, errors, unaudited, notes, warnings }: AuditReport): string {
  const lines = [
    ...[...findings].sort(compareFindings).map((finding) => {
      const { project, version, ids, summary, severity, kind, effect } = finding;
      const level =
        effect === 'hold' || (kind === 'vulnerability' && (severity?.level === 'low' || severity?.level === 'medium'))
          ? 'warning'
          : 'error';
      const text = `${ids.join(', ')}: ${summary ?? 'no summary'} (${[sayWeight(finding), ...sayExploitation(finding.exploitation), sayWayOut(finding)].join('; ')})`;
      return command(level, finding, `${project} ${version}`, text);
    }),
    ...errors.map((item) => command('error', item, 'Unreadable', item.message)),
    ...unaudited.map((item) => command('notice', item, 'Not audited', `${item.reason}: ${item.requirement}`)),
    ...notes.map((item) => command('warning', item, item.code, item.message)),
    ...warnings.map((warning) => `::warning title=Wheelgate::${escapeData(warning)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function command(level: Level, { file, line }: Place, title: string, message: string): string {
  const at = line === undefined ? '' : `,line=${line}`;
  return `::${level} file=${escapeProperty(file)}${at},title=${escapeProperty(title)}::${escapeData(message)}`;
}

/** As the toolkit of GitHub Actions escapes; control characters are gone before, and commands of the older form are broken. */
function escapeData(text: string): string {
  return plainLine(text)
    .replace(/##(?=\[)/g, '# #')
    .replace(/%/g, '%25');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
