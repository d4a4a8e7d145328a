/** Deeper values are looked up by what holds them. */
const MAX_DEPTH = 6;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|\n|[^\s"{}[\],:]+/g;

/** Lines of keys and elements of a JSON text that a parser accepted, by their path. */
export function jsonLines(text: string): (...path: readonly (string | number)[]) => number | undefined {
  const lines = new Map<string, number>();
  /** For each open bracket the number of the element, or the last key. */
  const path: (string | number)[] = [];
  let line = 1;
  let awaitsValue = true;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line++;
      continue;
    }
    const last = path.at(-1);
    if (token === '}' || token === ']') {
      path.pop();
      awaitsValue = false;
      continue;
    }
    if (token === ',') {
      if (typeof last === 'number') path[path.length - 1] = last + 1;
      awaitsValue = typeof last === 'number';
      continue;
    }
    if (token === ':') {
      awaitsValue = true;
      continue;
    }
    if (!awaitsValue && token.startsWith('"') && typeof last === 'string') {
      path[path.length - 1] = JSON.parse(token) as string;
      if (path.length <= MAX_DEPTH) lines.set(path.join('\0'), line);
      continue;
    }
    if (typeof last === 'number' && path.length <= MAX_DEPTH && !lines.has(path.join('\0'))) {
      lines.set(path.join('\0'), line);
    }
    if (token === '{') path.push('');
    else if (token === '[') path.push(0);
    awaitsValue = token === '[';
  }
  return (...asked) => lines.get(asked.join('\0'));
}
