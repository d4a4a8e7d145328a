import type { Expr } from '../syntax/ir.ts';
import { rot13 } from '../syntax/text-codec.ts';
import { BUILTIN_FOLDS, itemsOf } from '../values/fold-builtin.ts';
import { foldMethod } from '../values/fold-method.ts';
import { foldBinary } from '../values/fold-operator.ts';
import { TAINT } from '../values/taint.ts';
import {
  asBytes,
  bool,
  bytes,
  type CallShape,
  external,
  firstOf,
  HOLE,
  isConstant,
  list,
  none,
  number,
  plainText,
  positional,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { fileContent, openedContent } from './files.ts';
import { derivedKey, unpadded } from './fold-crypto.ts';
import type { Frame, Run } from './run.ts';

type Site = { readonly run: Run; readonly frame: Frame; readonly at: number };
type Fold = (call: CallShape, inward: number, site: Site) => Value | undefined;

const first = ({ args }: CallShape): Value => firstOf(args[0] ?? unknown());

const OPERATORS: Readonly<Record<string, string>> = {
  add: '+',
  concat: '+',
  sub: '-',
  mul: '*',
  mod: '%',
  floordiv: '//',
  pow: '**',
  xor: '^',
  and_: '&',
  or_: '|',
  lshift: '<<',
  rshift: '>>',
};

/** Functions of the standard library that only compute texts, bytes and numbers. */
export const TEXT_FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ...Object.entries(OPERATORS).map(([name, operator]): [string, Fold] => [
    `operator.${name}`,
    (call) => foldBinary(operator, call.args[0] ?? unknown(), call.args[1] ?? unknown()),
  ]),
  ['codecs.encode', encodeByCodec],
  ...['urllib.parse.unquote', 'urllib.parse.unquote_plus', 'urllib.parse.unquote_to_bytes', 'urllib.unquote'].map(
    (path): [string, Fold] => [path, unquote],
  ),
  ['html.unescape', unescapeHtml],
  ['json.loads', fromJson],
  ['json.load', fromJsonFile],
  ...['pkgutil.get_data', 'pkg_resources.resource_string', 'importlib.resources.read_binary'].map(
    (path): [string, Fold] => [path, (call, _inward, site) => resource(call, false, site)],
  ),
  [
    'importlib.resources.open_text',
    (call, inward) => external('builtins.open()', inward, positional(resourcePath(call))),
  ],
  ...['importlib.resources.open_binary', 'pkg_resources.resource_stream'].map((path): [string, Fold] => [
    path,
    (call, inward) => external('builtins.open()', inward, positional(resourcePath(call), text('rb'))),
  ]),
  ['linecache.getlines', (call, _inward, { run, frame }) => fileContent(run, first(call), frame, true)],
  ['importlib.resources.read_text', (call, _inward, site) => resource(call, true, site)],
  ['pkg_resources.resource_filename', (call) => resourcePath(call)],
  ['importlib.resources.path', (call) => resourcePath(call)],
  ['importlib.resources.files', (call) => resourcePath(call)],
  ['importlib.resources.as_file', (call) => call.args[0] ?? unknown()],
  ['ast.literal_eval', fromLiteral],
  ['itertools.cycle', cycle],
  ['collections.deque', (call, inward) => BUILTIN_FOLDS.get('list')?.(call, inward)],
  ['itertools.chain', chain],
  [
    'itertools.chain.from_iterable',
    (call, inward) => chain({ args: [...(itemsOf(call.args[0]) ?? [])], keywords: call.keywords }, inward),
  ],
  ['struct.pack', pack],
  ['re.sub', (call, inward) => substitute(call, inward)],
  ['re.findall', findAll],
  ['hashlib.pbkdf2_hmac', derivedKey],
  ['Crypto.Util.Padding.unpad', (call) => unpadded(call.args[0] ?? unknown())],
]);

function encodeByCodec(call: CallShape, inward: number): Value {
  const given = first(call);
  const codec = plainText(firstOf(call.args[1] ?? text('utf-8'))) ?? '';
  if (given.kind !== 'text') return given;
  if (/^rot[-_]?13$/i.test(codec)) return text(rot13(given.value), inward | TAINT.decoded);
  return foldMethod(given, 'encode', positional(text(codec))) ?? unknown(inward);
}

/** `%41` as Python reads it: what is no escape stays. */
function unquote(call: CallShape, inward: number): Value {
  const plain = plainText(first(call));
  if (plain === undefined) return unknown(inward);
  const raw = Buffer.from(plain.replaceAll(HOLE, '\0'), 'utf8').toString('latin1');
  const made = raw.replace(/%([0-9a-f]{2})/gi, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return text(Buffer.from(made, 'latin1').toString('utf8').replaceAll('\0', HOLE), inward);
}

function unescapeHtml(call: CallShape, inward: number): Value {
  const plain = plainText(first(call));
  if (plain === undefined) return unknown(inward);
  const made = plain.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi, (all, hex?: string, decimal?: string) => {
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });
  const named = made.replace(/&(quot|amp|lt|gt|apos);/g, (_all, name: string) => NAMED[name] ?? '');
  return text(named, inward | (made === plain ? 0 : TAINT.decoded));
}
const NAMED: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" };

const MAX_JSON = 1_000_000;

function fromJson(call: CallShape, inward: number): Value {
  const plain = plainText(asBytes(first(call)));
  if (plain === undefined || plain.includes(HOLE) || plain.length > MAX_JSON) return unknown(inward);
  try {
    return valueOfJson(JSON.parse(plain), inward, 0);
  } catch {
    return unknown(inward);
  }
}

function fromJsonFile(call: CallShape, inward: number, { run, frame }: Site): Value {
  const opened = first(call);
  if (opened.kind !== 'external' || opened.path !== 'builtins.open()') return unknown(inward);
  const content = openedContent(run, opened, frame);
  return fromJson(positional(content), inward | content.taint);
}

/** Where `importlib.resources` and its kin find a file: below the folder of the package, which is named like it. */
function resourcePath(call: CallShape): Value {
  const [base, ...names] = call.args.map((value) => plainText(firstOf(value)) ?? HOLE);
  return text([HOLE, (base ?? '').replaceAll('.', '/'), ...names].join('/'));
}

function resource(call: CallShape, isText: boolean, { run, frame }: Site): Value {
  const path = resourcePath({ args: call.args.slice(0, 2), keywords: call.keywords });
  return fileContent(run, path, frame, isText);
}

function valueOfJson(from: unknown, taint: number, depth: number): Value {
  if (typeof from === 'string') return text(from, taint);
  if (typeof from === 'number') return number(from, taint);
  if (typeof from === 'boolean') return bool(from, taint);
  if (from === null || typeof from !== 'object' || depth > 50) return from === null ? none() : unknown(taint);
  if (Array.isArray(from))
    return list(
      from.slice(0, 20_000).map((each) => valueOfJson(each, taint, depth + 1)),
      taint,
    );
  const entries = Object.entries(from).map(([key, each]) => [`t:${key}`, valueOfJson(each, taint, depth + 1)] as const);
  return { kind: 'dict', entries: new Map(entries), open: false, taint };
}

/** A literal is evaluated like one that stands in the code; anything else would raise. */
function fromLiteral(call: CallShape, inward: number, { run, frame }: Site): Value {
  const plain = plainText(first(call));
  if (plain === undefined || plain.includes(HOLE) || plain.length > MAX_JSON) return unknown(inward);
  const [only] = run.parser.parse(plain.trim()).body;
  if (only?.kind !== 'expression' || !isLiteral(only.value)) return unknown(inward);
  const value = run.evaluate(only.value, frame);
  return { ...value, taint: value.taint | inward };
}

function isLiteral(expr: Expr): boolean {
  if (expr.kind === 'sequence') return expr.items.every(isLiteral);
  if (expr.kind === 'dict')
    return expr.pairs.every(({ key, value }) => key !== undefined && isLiteral(key) && isLiteral(value));
  return /^(?:text|bytes|number|bool|none|unary|binary)$/.test(expr.kind);
}

const MAX_CYCLE = 20_000;

/** Repeated as often as a decoder can want it: `zip` ends with the shorter side. */
function cycle(call: CallShape, inward: number): Value | undefined {
  const items = itemsOf(call.args[0]);
  if (items === undefined || items.length === 0 || items.length > 256) return call.args[0] ?? unknown(inward);
  return list(
    Array.from({ length: MAX_CYCLE }, (_, index) => items[index % items.length]!),
    inward,
  );
}

function chain(call: CallShape, inward: number): Value {
  const all = call.args.map((each) => itemsOf(each));
  return all.some((items) => items === undefined)
    ? unknown(inward)
    : list(
        all.flatMap((items) => [...items!]),
        inward,
      );
}

/** Rows of bytes only: `struct.pack('3B', 1, 2, 3)`, and texts of one given length. */
function pack(call: CallShape, inward: number): Value {
  const format = plainText(first(call)) ?? '';
  const values = call.args.slice(1).map((each) => asBytes(firstOf(each)));
  if (/^[@=<>!]?\d*[bB]+$/.test(format) && values.every((each) => each.kind === 'number'))
    return bytes(
      Uint8Array.from(values.map((each) => (each.kind === 'number' ? Number(each.value) : 0))),
      inward | TAINT.decoded,
    );
  return values.length === 1 && values[0]?.kind === 'bytes' ? values[0] : unknown(inward);
}

/** A pattern of plain characters, or of one class: others could take time without end on foreign bytes. */
const SIMPLE_PATTERN =
  /^(?:\[\^?[\w\s!@#$%&*:;,.<>?/|~`'"=+()-]{1,200}\]\+?|(?:\\?[\w\s!@#%&:;,<>/~`'"=-]|\\[^\w\s]|\.){1,200})$/;

function simplePattern(value: Value): RegExp | undefined {
  const source = plainText(value);
  if (source === undefined || !SIMPLE_PATTERN.test(source)) return undefined;
  try {
    return new RegExp(source, 'g');
  } catch {
    return undefined;
  }
}

function substitute(call: CallShape, inward: number): Value {
  const pattern = simplePattern(first(call));
  const [, to, input] = call.args.map(firstOf);
  if (pattern === undefined || to?.kind !== 'text' || input?.kind !== 'text') return unknown(inward);
  return text(
    input.value.replace(pattern, () => to.value),
    inward,
  );
}

function findAll(call: CallShape, inward: number): Value {
  const pattern = simplePattern(first(call));
  const input = call.args[1] === undefined ? undefined : firstOf(call.args[1]);
  if (pattern === undefined || input?.kind !== 'text' || !isConstant(input)) return unknown(inward);
  return list(Array.from(input.value.matchAll(pattern), ([found]) => text(found, inward)).slice(0, 70_000), inward);
}
