import { bytes, type CallShape, firstOf, HOLE, keyOf, plainText, text, type Value } from './value.ts';

const PERCENT = /%(?:\(([^)]{0,60})\))?[-+ #0]{0,5}(\*|\d{0,4})(?:\.\d{0,4})?[hlL]?([diouxXeEfFgGcrsab%])/g;

/** `'%s:%d' % values`, with holes for what is not known. */
export function formatPercent(template: Value, values: Value, taint: number): Value {
  const items = values.kind === 'list' && values.type === 'tuple' ? values.items : [values];
  let next = 0;
  const plain = plainText(template) ?? '';
  const made = plain.replace(PERCENT, (_all, name: string | undefined, _width, conversion: string) => {
    if (conversion === '%') return '%';
    const value =
      name === undefined ? items[next++] : values.kind === 'dict' ? values.entries.get(`t:${name}`) : undefined;
    if (value === undefined) return HOLE;
    const first = firstOf(value);
    if (conversion === 'c' && first.kind === 'number') return fromCode(Number(first.value));
    if ((conversion === 'x' || conversion === 'X') && first.kind === 'number') return first.value.toString(16);
    return plainText(first) ?? HOLE;
  });
  return template.kind === 'bytes' ? bytes(Buffer.from(made, 'latin1'), taint) : text(made, taint);
}

/** `format(value, spec)` for the kinds of a character and of a number's digits; anything else as its plain text. */
export function formatValue(value: Value, spec: string): string {
  const first = firstOf(value);
  const found = /^0?(\d{0,3})([cxXbod])$/.exec(spec);
  if (found === null || first.kind !== 'number') return plainText(first) ?? HOLE;
  const [, width = '', conversion = ''] = found;
  if (conversion === 'c') return fromCode(Number(first.value));
  const radix = { x: 16, X: 16, b: 2, o: 8, d: 10 }[conversion] ?? 10;
  return first.value.toString(radix).padStart(Number(width), spec.startsWith('0') ? '0' : ' ');
}

/** `a`, `0[key]` or `a.b` between braces: the value, where it is inside a list or dict that is known. */
function fieldOf(field: string, call: CallShape): Value | undefined {
  const [, name = '', path = ''] = /^(\w{0,60})((?:\[\w{1,60}\])*)$/.exec(field) ?? [];
  let value = /^\d+$/.test(name) ? call.args[Number(name)] : call.keywords.get(name);
  for (const [, key = ''] of path.matchAll(/\[(\w+)\]/g)) {
    const from = value === undefined ? undefined : firstOf(value);
    if (from?.kind === 'list') value = from.items[Number(key)];
    else value = from?.kind === 'dict' ? (from.entries.get(`t:${key}`) ?? from.entries.get(`n:${key}`)) : undefined;
  }
  return value;
}

function fromCode(code: number): string {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : HOLE;
}

/** `'{}:{name}'.format(…)`; attribute look-ups inside the braces become holes. */
export function formatBraces(template: string, call: CallShape, taint: number): Value {
  let next = 0;
  const made = template.replace(
    /\{\{|\}\}|\{([^{}!:]{0,60})(?:![rsa])?(?::([^{}]{0,20}))?\}/g,
    (all, field: string | undefined, spec: string | undefined) => {
      if (all === '{{') return '{';
      if (all === '}}') return '}';
      const value = field === '' ? call.args[next++] : fieldOf(field ?? '', call);
      return value === undefined ? HOLE : formatValue(value, spec ?? '');
    },
  );
  return text(made, taint);
}

/** `text.translate(table)` with a table made by str.maketrans or written as a dict. */
export function translate(input: string, table: Value): string | undefined {
  if (table.kind !== 'dict' || table.open) return undefined;
  let made = '';
  for (const char of input) {
    const to = table.entries.get(`n:${char.codePointAt(0)}`);
    if (to === undefined) made += char;
    else if (to.kind === 'number') made += fromCode(Number(to.value));
    else if (to.kind !== 'none') made += plainText(to) ?? HOLE;
  }
  return made;
}

/** `str.maketrans(…)` in its one- and two-argument forms. */
export function makeTranslation(args: readonly Value[]): Value | undefined {
  const [from, to, removed] = args;
  const entries = new Map<string, Value>();
  if (from?.kind === 'dict') {
    for (const [key, value] of from.entries) {
      const plain = key.slice(2);
      entries.set(key.startsWith('n:') ? key : `n:${plain.codePointAt(0)}`, value);
    }
    return { kind: 'dict', entries, open: from.open, taint: from.taint };
  }
  if (from?.kind !== 'text' || to?.kind !== 'text') return undefined;
  const targets = [...to.value];
  for (const [index, char] of [...from.value].entries())
    entries.set(`n:${char.codePointAt(0)}`, text(targets[index] ?? ''));
  if (removed?.kind === 'text') for (const char of removed.value) entries.set(`n:${char.codePointAt(0)}`, text(''));
  return { kind: 'dict', entries, open: false, taint: from.taint | to.taint };
}

/** `bytes.maketrans(from, to)`: a table of 256 bytes. */
export function makeByteTable(args: readonly Value[]): Value | undefined {
  const [from, to] = args;
  if (from?.kind !== 'bytes' || to?.kind !== 'bytes') return undefined;
  const table = Uint8Array.from({ length: 256 }, (_, index) => index);
  for (const [index, byte] of from.value.entries()) table[byte] = to.value[index] ?? byte;
  return bytes(table, from.taint | to.taint);
}

/** The value under a constant key of a dict; of a key that is not known, any of them. */
export function lookUp(dict: Extract<Value, { kind: 'dict' }>, key: Value): Value | undefined {
  const name = keyOf(key);
  return name === undefined ? undefined : dict.entries.get(name);
}
