import type { Argument, Comprehension, Expr, Param } from './ir.ts';
import { splitLiteral, unescapeBytes, unescapeText } from './string-literal.ts';
import type { SyntaxNode } from './tree.ts';

/** CPython refuses more than 200 nested brackets, each of which may hold a call; left-leaning chains are lowered in a loop. */
const MAX_DEPTH = 420;

/** What lowering knows besides the node: the source, the limits it met, and the names of this and earlier files. */
export type Lowering = {
  readonly text: string;
  readonly limits: Set<string>;
  readonly names: Map<string, string>;
  depth: number;
  /** Links of the chains around the expression, which are levels of the evaluator's stack too. */
  links: number;
};

/**
 * Calls, attributes and items in a row: `a.b(c)[d]` has three. Each is a level of the evaluator's stack. CPython gives up at
 * some thousands, and the longest that people write have some dozens.
 */
const MAX_CHAIN = 500;
/** The same for chains inside of chains together. */
const MAX_LINKS = 800;
/** CPython itself takes no more than 4,300 of a decimal number since 3.11; older ones do. */
const MAX_DECIMAL_DIGITS = 200_000;

type Rule = (node: SyntaxNode, to: Lowering) => Expr;

export function child(node: SyntaxNode, field: string): SyntaxNode | undefined {
  // A loop: this is asked several times for every node of every tree.
  for (const each of node.children) if (each.field === field) return each;
  return undefined;
}

export function sourceOf(node: SyntaxNode, to: Lowering): string {
  return to.text.slice(node.start, node.end);
}

/** Lowers an expression; what has no meaning of its own becomes `opaque` over its parts, so that calls in it survive. */
export function lowerExpression(node: SyntaxNode | undefined, to: Lowering): Expr {
  if (node === undefined) return { kind: 'none', at: 0 };
  if (to.depth >= MAX_DEPTH || to.links >= MAX_LINKS) {
    to.limits.add('nesting');
    return { kind: 'opaque', at: node.start, parts: [] };
  }
  to.depth++;
  const lowered = isChain(node) ? lowerChain(node, to) : (RULES[node.type] ?? lowerOpaque)(node, to);
  to.depth--;
  return lowered;
}

const LEFT: Readonly<Record<string, string>> = {
  binary_operator: 'left',
  attribute: 'object',
  call: 'function',
  subscript: 'value',
};

function isChain(node: SyntaxNode): boolean {
  return LEFT[node.type] !== undefined;
}

/** A sum of 5,000 terms is a tree 5,000 deep on its left side: walk down first, then build upwards. */
function lowerChain(node: SyntaxNode, to: Lowering): Expr {
  const links: SyntaxNode[] = [];
  let base: SyntaxNode | undefined = node;
  while (base !== undefined) {
    const field = LEFT[base.type];
    if (field === undefined) break;
    links.push(base);
    base = child(base, field);
  }
  const around = to.links;
  // Sums are evaluated in a loop, all other links one inside of the next: the base stands deepest.
  const deepest = Math.min(MAX_CHAIN, links.filter(({ type }) => type !== 'binary_operator').length);
  to.links += deepest;
  let built = lowerExpression(base, to);
  let levels = 0;
  for (let index = links.length - 1; index >= 0; index--) {
    const link = links[index]!;
    if (link.type !== 'binary_operator' && ++levels > MAX_CHAIN) {
      to.limits.add('nesting');
      break;
    }
    to.links = around + deepest - levels;
    built = lowerLink(link, built, to);
  }
  to.links = around;
  return built;
}

function lowerLink(node: SyntaxNode, left: Expr, to: Lowering): Expr {
  const at = node.start;
  switch (node.type) {
    case 'binary_operator':
      return {
        kind: 'binary',
        at,
        operator: child(node, 'operator')?.type ?? '?',
        left,
        right: lowerExpression(child(node, 'right'), to),
      };
    case 'attribute':
      return { kind: 'attribute', at, object: left, name: nameOf(child(node, 'attribute'), to) };
    case 'call':
      return { kind: 'call', at, callee: left, args: lowerArguments(child(node, 'arguments'), to) };
    default: {
      const indexes = node.children
        .filter((each) => each.field === 'subscript')
        .map((each) => lowerExpression(each, to));
      const index: Expr = indexes.length === 1 ? indexes[0]! : { kind: 'sequence', at, type: 'tuple', items: indexes };
      return { kind: 'subscript', at, object: left, index };
    }
  }
}

/** Python compares identifiers after NFKC: `ｅxec` is `exec`, and samples write it so. */
export function nameOf(node: SyntaxNode | undefined, to: Lowering): string {
  return node === undefined ? '' : internedName(sourceOf(node, to), to);
}

/** One string per name: a quarter of a tree would be copies of them, and each copy is hashed anew when it is looked up. */
function internedName(source: string, { names }: Lowering): string {
  const known = names.get(source);
  if (known !== undefined) return known;
  // A copy: a slice would keep the whole file in memory.
  const encoding = /^[\x00-\x7f]*$/.test(source) ? 'latin1' : 'utf16le';
  const key = Buffer.from(source, encoding).toString(encoding);
  const name = normaliseName(key);
  names.set(key, name);
  return name;
}

export function normaliseName(name: string): string {
  for (let index = 0; index < name.length; index++) if (name.charCodeAt(index) > 0x7f) return name.normalize('NFKC');
  return name;
}

/** Positional and keyword arguments of a call or of a class header. */
export function lowerArguments(node: SyntaxNode | undefined, to: Lowering): Argument[] {
  if (node === undefined) return [];
  if (node.type !== 'argument_list') return [{ value: lowerExpression(node, to) }];
  return node.children.map((each): Argument => {
    if (each.type === 'keyword_argument') {
      return { name: nameOf(child(each, 'name'), to), value: lowerExpression(child(each, 'value'), to) };
    }
    if (each.type === 'list_splat') return { spread: '*', value: lowerExpression(each.children[0], to) };
    if (each.type === 'dictionary_splat') return { spread: '**', value: lowerExpression(each.children[0], to) };
    return { value: lowerExpression(each, to) };
  });
}

/** Parameters of a function or lambda, without annotations. Tuple parameters of Python 2 lose their names. */
export function lowerParams(node: SyntaxNode | undefined, to: Lowering): Param[] {
  if (node === undefined) return [];
  const params: Param[] = [];
  for (const each of node.children) {
    const inner = each.type === 'typed_parameter' ? (each.children[0] ?? each) : each;
    if (inner.type === 'identifier') params.push({ name: nameOf(inner, to) });
    else if (inner.type === 'list_splat_pattern') params.push({ name: nameOf(inner.children[0], to), spread: '*' });
    else if (inner.type === 'dictionary_splat_pattern')
      params.push({ name: nameOf(inner.children[0], to), spread: '**' });
    else if (inner.type === 'tuple_pattern') params.push({ name: '' });
    else if (child(inner, 'name') !== undefined) {
      params.push({ name: nameOf(child(inner, 'name'), to), value: lowerExpression(child(inner, 'value'), to) });
    }
  }
  return params;
}

function lowerOpaque(node: SyntaxNode, to: Lowering): Expr {
  return { kind: 'opaque', at: node.start, parts: node.children.map((each) => lowerExpression(each, to)) };
}

function first(node: SyntaxNode, to: Lowering): Expr {
  return lowerExpression(node.children[0], to);
}

function sequence(type: 'list' | 'tuple' | 'set'): Rule {
  return (node, to) => ({
    kind: 'sequence',
    at: node.start,
    type,
    items: node.children.map((each) => lowerExpression(each, to)),
  });
}

function lowerNumber(node: SyntaxNode, to: Lowering): Expr {
  const text = sourceOf(node, to).replaceAll('_', '').toLowerCase();
  const at = node.start;
  if (/^0[0-7]+l?$/.test(text)) return { kind: 'number', at, value: Number.parseInt(text, 8) };
  const digits = text.replace(/l$/, '');
  if (!/^(0x[0-9a-f]+|0o[0-7]+|0b[01]+|[0-9]+)$/.test(digits))
    return { kind: 'number', at, value: Number.parseFloat(text) };
  const small = Number(digits);
  if (Number.isSafeInteger(small)) return { kind: 'number', at, value: small };
  // The time to read a decimal number grows faster than its length; the other notations are read as they stand.
  const isTooLong = /^[1-9]/.test(digits) && digits.length > MAX_DECIMAL_DIGITS;
  return isTooLong ? { kind: 'opaque', at, parts: [] } : { kind: 'number', at, value: BigInt(digits) };
}

function lowerString(node: SyntaxNode, to: Lowering): Expr {
  const at = node.start;
  const { prefix, body } = splitLiteral(sourceOf(node, to));
  const raw = prefix.includes('r');
  if (prefix.includes('b')) return { kind: 'bytes', at, value: unescapeBytes(body, raw) };
  if (node.children.length === 0) return { kind: 'text', at, value: raw ? body : unescapeText(body) };
  const parts: Expr[] = [];
  for (const each of node.children) {
    if (each.type === 'interpolation') {
      const format = each.children.find(({ type }) => type === 'format_specifier');
      const spec = format === undefined ? '' : sourceOf(format, to).slice(1);
      const value = lowerExpression(each.children[0], to);
      parts.push(/^\d{0,4}[cxXbod]$/.test(spec) ? formatted(value, spec) : value);
      // `{value:{width}}` keeps the text of the value; only a call in the format is worth a hole.
      if (format !== undefined && sourceOf(format, to).includes('(')) parts.push(lowerOpaque(format, to));
    } else if (each.type === 'string_content') {
      const content = sourceOf(each, to).replaceAll('{{', '{').replaceAll('}}', '}');
      parts.push({ kind: 'text', at: each.start, value: raw ? content : unescapeText(content) });
    }
  }
  return parts.length === 1 && parts[0]!.kind === 'text' ? parts[0]! : { kind: 'joined', at, parts };
}

/** `f'{value:c}'` is `format(value, 'c')`. */
function formatted(value: Expr, spec: string): Expr {
  const { at } = value;
  const callee = { kind: 'name', at, id: 'format' } as const;
  return { kind: 'call', at, callee, args: [{ value }, { value: { kind: 'text', at, value: spec } }] };
}

/** Adjacent literals are one literal. */
function lowerConcatenated(node: SyntaxNode, to: Lowering): Expr {
  const parts = node.children.map((each) => lowerExpression(each, to));
  if (parts.every((part) => part.kind === 'text')) {
    return { kind: 'text', at: node.start, value: parts.map((part) => part.value).join('') };
  }
  if (parts.every((part) => part.kind === 'bytes')) {
    return { kind: 'bytes', at: node.start, value: Buffer.concat(parts.map((part) => part.value)) };
  }
  return {
    kind: 'joined',
    at: node.start,
    parts: parts.flatMap((part) => (part.kind === 'joined' ? part.parts : [part])),
  };
}

function comprehension(type: 'list' | 'set' | 'dict'): Rule {
  return (node, to) => {
    const body = child(node, 'body') ?? node.children[0];
    const clauses: Comprehension['clauses'][number][] = [];
    for (const each of node.children) {
      if (each.type === 'for_in_clause') {
        const target = lowerExpression(child(each, 'left'), to);
        clauses.push({ kind: 'for', target, iterable: lowerExpression(child(each, 'right'), to) });
      } else if (each.type === 'if_clause') clauses.push({ kind: 'if', test: first(each, to) });
    }
    const at = node.start;
    if (body?.type !== 'pair') return { kind: 'comprehension', at, type, element: lowerExpression(body, to), clauses };
    const key = lowerExpression(child(body, 'key'), to);
    return { kind: 'comprehension', at, type, key, element: lowerExpression(child(body, 'value'), to), clauses };
  };
}

function lowerSlice(node: SyntaxNode, to: Lowering): Expr {
  const places: (Expr | undefined)[] = [];
  let place = 0;
  for (const each of node.children) {
    if (each.type === ':') place++;
    else places[place] = lowerExpression(each, to);
  }
  const [start, stop, step] = places;
  return {
    kind: 'slice',
    at: node.start,
    ...(start !== undefined && { start }),
    ...(stop !== undefined && { stop }),
    ...(step !== undefined && { step }),
  };
}

function lowerConditional(node: SyntaxNode, to: Lowering): Expr {
  const [then, test, otherwise] = node.children;
  const options = [lowerExpression(then, to), lowerExpression(otherwise, to)];
  return { kind: 'choice', at: node.start, type: 'if', options, test: lowerExpression(test, to) };
}

function lowerDict(node: SyntaxNode, to: Lowering): Expr {
  const pairs = node.children.map((each) =>
    each.type === 'pair'
      ? { key: lowerExpression(child(each, 'key'), to), value: lowerExpression(child(each, 'value'), to) }
      : { value: first(each, to) },
  );
  return { kind: 'dict', at: node.start, pairs };
}

const RULES: Readonly<Record<string, Rule>> = {
  identifier: (node, to) => ({ kind: 'name', at: node.start, id: nameOf(node, to) }),
  string: lowerString,
  concatenated_string: lowerConcatenated,
  integer: lowerNumber,
  float: lowerNumber,
  true: (node) => ({ kind: 'bool', at: node.start, value: true }),
  false: (node) => ({ kind: 'bool', at: node.start, value: false }),
  none: (node) => ({ kind: 'none', at: node.start }),
  ellipsis: (node) => ({ kind: 'opaque', at: node.start, parts: [] }),
  parenthesized_expression: first,
  unary_operator: (node, to) => ({
    kind: 'unary',
    at: node.start,
    operator: child(node, 'operator')?.type ?? '-',
    operand: lowerExpression(child(node, 'argument'), to),
  }),
  not_operator: (node, to) => ({ kind: 'unary', at: node.start, operator: 'not', operand: first(node, to) }),
  boolean_operator: (node, to) => ({
    kind: 'choice',
    at: node.start,
    type: child(node, 'operator')?.type === 'and' ? 'and' : 'or',
    options: [lowerExpression(child(node, 'left'), to), lowerExpression(child(node, 'right'), to)],
  }),
  comparison_operator: (node, to) => ({
    kind: 'compare',
    at: node.start,
    operators: node.children.filter((each) => each.field === 'operators').map((each) => each.type),
    operands: node.children.filter((each) => each.field !== 'operators').map((each) => lowerExpression(each, to)),
  }),
  conditional_expression: lowerConditional,
  list: sequence('list'),
  list_pattern: sequence('list'),
  tuple: sequence('tuple'),
  tuple_pattern: sequence('tuple'),
  pattern_list: sequence('tuple'),
  expression_list: sequence('tuple'),
  set: sequence('set'),
  dictionary: lowerDict,
  list_comprehension: comprehension('list'),
  generator_expression: comprehension('list'),
  set_comprehension: comprehension('set'),
  dictionary_comprehension: comprehension('dict'),
  lambda: (node, to) => ({
    kind: 'lambda',
    at: node.start,
    params: lowerParams(child(node, 'parameters'), to),
    body: lowerExpression(child(node, 'body'), to),
  }),
  slice: lowerSlice,
  list_splat: (node, to) => ({ kind: 'spread', at: node.start, value: first(node, to) }),
  list_splat_pattern: (node, to) => ({ kind: 'spread', at: node.start, value: first(node, to) }),
  parenthesized_list_splat: (node, to) => ({ kind: 'spread', at: node.start, value: first(node, to) }),
  await: (node, to) => ({ kind: 'await', at: node.start, value: first(node, to) }),
  yield: (node, to) => ({ kind: 'yield', at: node.start, ...(node.children[0] && { value: first(node, to) }) }),
  named_expression: (node, to) => ({
    kind: 'named',
    at: node.start,
    target: lowerExpression(child(node, 'name'), to),
    value: lowerExpression(child(node, 'value'), to),
  }),
  as_pattern_target: first,
};
