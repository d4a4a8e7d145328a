const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]{1,80})\}|([0-7]{1,3})|([\s\S]))/g;

/** Prefix letters and the text between the quotes of a literal, as written. */
export function splitLiteral(source: string): { readonly prefix: string; readonly body: string } {
  let start = 0;
  while (start < source.length && source[start] !== '"' && source[start] !== "'") start++;
  const quote = source[start] ?? '';
  const fence = source.startsWith(quote.repeat(3), start) && source.length >= start + 6 ? 3 : 1;
  const closed = source.endsWith(quote.repeat(fence)) && source.length >= start + 2 * fence;
  return {
    prefix: source.slice(0, start).toLowerCase(),
    body: source.slice(start + fence, closed ? source.length - fence : undefined),
  };
}

/** Resolves the escapes of a text literal; unknown ones stay as written, as in Python. */
export function unescapeText(body: string): string {
  if (!body.includes('\\')) return body;
  return body.replace(ESCAPE, (all, hex, short, long, name, octal, other) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const code = hex ?? short ?? long;
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    }
    if (name !== undefined) return '\ufffd';
    return SIMPLE[other] ?? all;
  });
}

/** Resolves the escapes of a bytes literal. Characters beyond Latin-1 cannot stand there and become `?`. */
export function unescapeBytes(body: string, raw: boolean): Uint8Array {
  const text = raw
    ? body
    : body.replace(ESCAPE, (all, hex, short, long, name, octal, other) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
        return (short ?? long ?? name) ? all : (SIMPLE[other] ?? all);
      });
  return Uint8Array.from(text, (char) => (char.charCodeAt(0) > 0xff ? 0x3f : char.charCodeAt(0)));
}
