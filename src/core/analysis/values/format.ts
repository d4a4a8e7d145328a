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

function fromCode(code: number): string {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : HOLE;
}

/** `'{}:{name}'.format(…)`; attribute and index look-ups inside the braces become holes. */
export function formatBraces(template: string, call: CallShape, taint: number): Value {
  let next = 0;
  const made = template.replace(
    /\{\{|\}\}|\{([^{}!:]{0,60})(?:![rsa])?(?::([^{}]{0,20}))?\}/g,
    (all, field: string | undefined, spec: string | undefined) => {
      if (all === '{{') return '{';
      if (all === '}}') return '}';
      const value =
        field === ''
          ? call.args[next++]
          : /^\d+$/.test(field ?? '')
            ? call.args[Number(field)]
            : call.keywords.get(field ?? '');
      if (value === undefined) return HOLE;
      const first = firstOf(value);
      if (spec === 'c' && first.kind === 'number') return fromCode(Number(first.value));
      return plainText(first) ?? HOLE;
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

/** The value under a constant key of a dict; of a key that is not known, any of them. */
export function lookUp(dict: Extract<Value, { kind: 'dict' }>, key: Value): Value | undefined {
  const name = keyOf(key);
  return name === undefined ? undefined : dict.entries.get(name);
}
