import type { ReportedScan } from './scan-result.ts';

/** For pull requests and chats: a table of inputs, then the reasons of those that are not allowed. */
export function renderScanMarkdown(scans: readonly ReportedScan[]): string {
  const lines = [
    '| Verdict | Score | Input |',
    '| --- | --- | --- |',
    ...scans.map(({ verdict, score, input }) => `| ${verdict} | ${score.toFixed(3)} | ${code(input)} |`),
  ];
  for (const { input, verdict, findings, capabilities } of scans) {
    if (verdict === 'allow') continue;
    lines.push('', `### ${verdict}: ${code(input)}`, '');
    for (const { rule, effect, message, file, line, context } of findings) {
      const place = file === null ? '' : ` at ${code(line === null ? file : `${file}:${line}`)}`;
      const excerpt = context === null || context === '' ? '' : `: ${code(context)}`;
      lines.push(`- **${effect}** ${rule}: ${message}${place}${excerpt}`);
    }
    const can = [...new Set(capabilities.map(({ capability, context }) => `${capability}@${context}`))];
    if (can.length > 0) lines.push('', `Can: ${can.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}

const MAX_CODE = 200;

/** A code span on one line that its text cannot end and no table cell splits. */
function code(text: string): string {
  const line = text
    .slice(0, MAX_CODE)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll('`', "'")
    .replaceAll('|', '\\|');
  return `\`${line.trim() === '' ? ' ' : line}\``;
}
