const MAX_LENGTH = 200;

/**
 * Foreign prose as one line that is safe to show: Markdown headings dropped, white space collapsed, control, format and
 * bidirectional characters removed, cut at 200 characters. Undefined when nothing is left.
 */
export function summaryLine(prose: string): string | undefined {
  const text = prose
    .slice(0, 4000)
    .split(/[\r\n]+/)
    .filter((line) => !line.startsWith('#'))
    .join(' ')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  if (text === '') return undefined;
  if (text.length <= MAX_LENGTH) return text;
  const cut = text.slice(0, MAX_LENGTH - 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_LENGTH / 2)).replace(/[\ud800-\udbff]$/, '')}…`;
}
