import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export function readDocument(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}

/** The cells of every table under this header row: first column without its backticks as key. */
export function readTable(text: string, header: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const rows = new Map<string, readonly string[]>();
  let inside = false;
  for (const line of text.split('\n')) {
    const cells = splitRow(line);
    if (cells === undefined) inside = false;
    else if (cells.join('|') === header.join('|')) inside = true;
    else if (inside && !/^-+$/.test(cells[0]!)) {
      const [key = '', ...rest] = cells;
      for (const name of key.split(', ').map(withoutTicks)) {
        if (rows.has(name)) throw new Error(`${name} has two rows`);
        rows.set(name, rest);
      }
    }
  }
  if (rows.size === 0) throw new Error(`there is no table | ${header.join(' | ')} |`);
  return rows;
}

/** What follows a heading of this text, up to the next heading of its level or above. */
export function readSection(text: string, heading: string): string {
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`there is no heading ${heading}`);
  const level = heading.indexOf(' ');
  const rest = text.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

export function withoutTicks(cell: string): string {
  return cell.replace(/^`(.*)`$/, '$1');
}

function splitRow(line: string): readonly string[] | undefined {
  if (!line.startsWith('|')) return undefined;
  return line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim());
}
