const FROM = /^[ \t]*from[ \t]+(\.{0,30})[ \t]*([\w.]{0,300})[ \t]+import\b([^\n#]*)/;
const PLAIN = /^[ \t]*import[ \t]+([\w., \t]+)/;

/** The imports of a file that is not worth parsing, by its lines; `*` stands for a wildcard. */
export function importLines(text: string): { readonly level: number; readonly name: string }[] {
  const found: { level: number; name: string }[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (!line.includes('import')) continue;
    const from = FROM.exec(line);
    if (from !== null) {
      const [, dots = '', module = '', names = ''] = from;
      let listed = names;
      for (
        let next = index + 1;
        listed.includes('(') && !listed.includes(')') && next < index + 200 && next < lines.length;
        next++
      )
        listed += lines[next];
      found.push({ level: dots.length, name: module });
      if (/^\s*\*/.test(names)) found.push({ level: dots.length, name: module === '' ? '*' : `${module}.*` });
      for (const [, name] of listed.matchAll(/([A-Za-z_]\w*)(?:\s+as\s+\w+)?/g)) {
        found.push({ level: dots.length, name: module === '' ? name! : `${module}.${name}` });
      }
      continue;
    }
    const plain = PLAIN.exec(line)?.[1];
    for (const part of plain?.split(',') ?? []) found.push({ level: 0, name: part.trim().split(/\s/)[0] ?? '' });
  }
  return found.filter(({ name }) => name !== '');
}
