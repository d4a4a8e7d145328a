/** A line of RECORD as it stands there. `hash` is `<algorithm>=<digest>` or empty. */
export type RecordRow = { readonly path: string; readonly hash: string; readonly size: string };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads RECORD (PEP 376, "Recording installed projects"): CSV as Python's reader takes it. Undefined when it is not UTF-8, a
 * quote stays open or a line has not three fields.
 */
export function parseRecord(bytes: Uint8Array): readonly RecordRow[] | undefined {
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
  const lines = parseCsv(text);
  if (lines?.some((fields) => fields.length !== 3) !== false) return undefined;
  return lines.map(([path = '', hash = '', size = '']) => ({ path, hash, size }));
}

/** Fields of every line that is not empty; undefined when a quote stays open. */
function parseCsv(text: string): string[][] | undefined {
  const lines: string[][] = [];
  let fields: string[] = [];
  for (let at = 0; at < text.length; ) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    if (field === undefined) return undefined;
    fields.push(field.value);
    at = field.end;
    if (text[at] === ',') {
      at++;
      if (at === text.length || text[at] === '\n' || text[at] === '\r') fields.push('');
      else continue;
    }
    if (fields.length > 1 || fields[0] !== '') lines.push(fields);
    fields = [];
    while (text[at] === '\n' || text[at] === '\r') at++;
  }
  return lines;
}

function plainField(text: string, start: number): { value: string; end: number } {
  let end = start;
  while (end < text.length && !',\n\r'.includes(text[end]!)) end++;
  return { value: text.slice(start, end), end };
}

function quotedField(text: string, start: number): { value: string; end: number } | undefined {
  let value = '';
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return undefined;
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const rest = plainField(text, quote + 1);
      return { value: value + rest.value, end: rest.end };
    }
    value += '"';
    at = quote + 2;
  }
}
