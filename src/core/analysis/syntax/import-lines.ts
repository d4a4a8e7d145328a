const FROM = /^[ \t]*from[ \t]+(\.{0,30})[ \t]*([\w.]{0,300})[ \t]+import\b([^\n#]*)/;
const PLAIN = /^[ \t]*import[ \t]+([\w., \t]+)/;
/** Of one import statement. */
const MAX_LINES = 200;

/** The imports of a file that is not worth parsing, by its lines; `*` stands for a wildcard. */
export function importLines(text: string): { readonly level: number; readonly name: string }[] {
  const found: { level: number; name: string }[] = [];
  // From one `import` to the next: most lines have none.
  for (let at = text.indexOf('import'); at !== -1; ) {
    const end = lineEnd(text, at);
    const line = text.slice(text.lastIndexOf('\n', at) + 1, end);
    at = text.indexOf('import', end);
    const from = FROM.exec(line);
    if (from !== null) {
      const [, dots = '', module = '', names = ''] = from;
      const listed = untilClosed(names, text, end);
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

/** A list of names in brackets goes on over the next lines. */
function untilClosed(names: string, text: string, end: number): string {
  let listed = names;
  let from = end;
  for (let more = 1; more < MAX_LINES && listed.includes('(') && !listed.includes(')') && from < text.length; more++) {
    const to = lineEnd(text, from + 1);
    listed += text.slice(from + 1, to);
    from = to;
  }
  return listed;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}
