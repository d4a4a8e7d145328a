import { decodeText } from '../syntax/text-codec.ts';
import { pairs } from './fold-method.ts';
import { foldBinary, isWhole } from './fold-operator.ts';
import { formatValue } from './format.ts';
import { TAINT } from './taint.ts';
import {
  asBytes,
  bool,
  bytes,
  type CallShape,
  firstOf,
  HOLE,
  isConstant,
  list,
  MAX_ITEMS,
  number,
  plainText,
  taintOf,
  text,
  truthOf,
  unknown,
  type Value,
} from './value.ts';

/** The items of an iterable constant; undefined when they are not all known. */
export function itemsOf(value: Value | undefined): readonly Value[] | undefined {
  const from = value === undefined ? undefined : firstOf(value);
  switch (from?.kind) {
    case 'list':
      return from.open ? undefined : from.items;
    case 'text': {
      if (from.value.length > MAX_ITEMS) return undefined;
      return Array.from(from.value, (char) => text(char, from.taint));
    }
    case 'bytes':
      return from.value.length > MAX_ITEMS ? undefined : Array.from(from.value, (byte) => number(byte, from.taint));
    case 'dict': {
      const keys = pairs(from, (key) => key, from.taint);
      return keys.kind === 'list' && !keys.open ? keys.items : undefined;
    }
    default:
      return undefined;
  }
}

type Fold = (call: CallShape, taint: number) => Value | undefined;

function wholeNumber(value: Value | undefined): number | undefined {
  const first = value === undefined ? undefined : firstOf(value);
  return first?.kind === 'number' ? Number(first.value) : first?.kind === 'bool' ? Number(first.value) : undefined;
}

function toInt(call: CallShape, taint: number): Value {
  const [value, base] = call.args.map(firstOf);
  if (value?.kind === 'number') {
    if (typeof value.value === 'number' && !Number.isFinite(value.value)) return unknown(taint);
    return number(typeof value.value === 'bigint' ? value.value : Math.trunc(value.value), taint);
  }
  const digits = value === undefined ? undefined : plainText(value)?.trim().replaceAll('_', '');
  if (digits === undefined || digits.includes(HOLE)) return unknown(taint);
  const radix = wholeNumber(base ?? call.keywords.get('base')) ?? 10;
  const bare = digits.replace(radix === 16 || radix === 0 ? /^0x/i : radix === 2 ? /^0b/i : /^0o/i, '');
  if (radix === 16 && /^[0-9a-f]+$/i.test(bare)) return fromBig(BigInt(`0x${bare}`), taint);
  if (radix === 10 && /^[+-]?\d+$/.test(bare)) return fromBig(BigInt(bare), taint);
  const parsed = Number.parseInt(bare, radix === 0 ? 16 : radix);
  return Number.isNaN(parsed) ? unknown(taint) : number(parsed, taint);
}

function fromBig(value: bigint, taint: number): Value {
  return number(
    value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value,
    taint,
  );
}

function toBytes(call: CallShape, taint: number): Value {
  const from = call.args[0] === undefined ? undefined : firstOf(call.args[0]);
  if (from === undefined) return bytes(new Uint8Array(), taint);
  if (from.kind === 'bytes') return bytes(from.value, taint);
  // A copy of a bytearray is no decoding; what was computed for it carries its own mark.
  if (from.kind === 'list' && from.type === 'bytearray') return asBytes(from);
  if (from.kind === 'text')
    return from.value.includes(HOLE) ? text(from.value, taint) : bytes(Buffer.from(from.value), taint);
  if (from.kind === 'number')
    return Number(from.value) <= 1_000_000
      ? bytes(new Uint8Array(Math.max(0, Number(from.value))), taint)
      : unknown(taint);
  const items = itemsOf(from);
  const codes = items?.map(wholeNumber);
  if (codes === undefined || codes.some((code) => code === undefined))
    return unknown(taint | (items === undefined ? 0 : TAINT.decoded));
  return bytes(Uint8Array.from(codes as number[]), taint | TAINT.decoded);
}

function toByteArray(call: CallShape, taint: number): Value {
  const from = toBytes(call, taint);
  if (from.kind !== 'bytes' || from.value.length > MAX_ITEMS) return from;
  return list(
    Array.from(from.value, (byte) => number(byte)),
    from.taint,
    'bytearray',
  );
}

function range(call: CallShape, taint: number): Value {
  const numbers = call.args.map(wholeNumber);
  if (numbers.length === 0 || numbers.some((each) => each === undefined)) return unknown(taint);
  const [start, stop, step] = numbers.length === 1 ? [0, numbers[0]!, 1] : [numbers[0]!, numbers[1]!, numbers[2] ?? 1];
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
  if (count > MAX_ITEMS) return unknown(taint);
  return list(
    Array.from({ length: count }, (_, index) => number(start + index * step)),
    taint,
  );
}

function zip(call: CallShape, taint: number): Value {
  const columns = call.args.map(itemsOf);
  if (columns.length === 0 || columns.some((each) => each === undefined)) return unknown(taint);
  const rows = Math.min(...columns.map((each) => each!.length));
  return list(
    Array.from({ length: rows }, (_, row) =>
      list(
        columns.map((column) => column![row]!),
        0,
        'tuple',
      ),
    ),
    taint,
  );
}

function sorted(call: CallShape, taint: number): Value {
  const items = itemsOf(call.args[0]);
  if (items === undefined || call.keywords.has('key')) return unknown(taint);
  const all = [...items].sort((one, other) => compareValues(one, other));
  return list(all, taint);
}

/** Python's order of numbers, texts and rows of them; deeper lists compare as equal. */
function compareValues(one: Value, other: Value, depth = 0): number {
  if (one.kind === 'number' && other.kind === 'number')
    return one.value < other.value ? -1 : one.value > other.value ? 1 : 0;
  if (one.kind === 'list' && other.kind === 'list') {
    if (depth > 0) return 0;
    for (const [index, item] of one.items.entries()) {
      const second = other.items[index];
      const order = second === undefined ? 1 : compareValues(item, second, depth + 1);
      if (order !== 0) return order;
    }
    return one.items.length - other.items.length;
  }
  const [left = '', right = ''] = [plainText(one), plainText(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sequence(type: 'list' | 'tuple' | 'set'): Fold {
  return (call, taint) => {
    if (call.args.length === 0) return list([], 0, type);
    const items = itemsOf(call.args[0]);
    if (items !== undefined) return list([...items], taint, type);
    const from = firstOf(call.args[0]!);
    return from.kind === 'list'
      ? { ...from, items: [...from.items] }
      : { kind: 'list', type, items: [], open: true, taint };
  };
}

function toDict(call: CallShape, taint: number): Value {
  const entries = new Map<string, Value>();
  const from = call.args[0] === undefined ? undefined : firstOf(call.args[0]);
  let open = from !== undefined;
  if (from?.kind === 'dict') {
    for (const [key, value] of from.entries) entries.set(key, value);
    open = from.open;
  } else {
    const rows = itemsOf(from);
    if (rows !== undefined) {
      open = false;
      for (const row of rows) {
        const [key, value] = itemsOf(row) ?? [];
        const plain = key === undefined ? undefined : plainText(key);
        if (plain === undefined || value === undefined) open = true;
        else entries.set(`${key?.kind === 'number' ? 'n' : 't'}:${plain}`, value);
      }
    }
  }
  for (const [name, value] of call.keywords) entries.set(`t:${name}`, value);
  return { kind: 'dict', entries, open, taint: taint | taintOf(call.keywords.values()) };
}

/** The pure functions of `builtins` by name; each folds constants and passes taint on. */
export const BUILTIN_FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ['chr', (call, taint) => charOf(wholeNumber(call.args[0]), taint)],
  ['unichr', (call, taint) => charOf(wholeNumber(call.args[0]), taint)],
  [
    'ord',
    (call, taint) => {
      const plain = call.args[0] === undefined ? undefined : plainText(firstOf(call.args[0]));
      return plain === undefined || plain === '' || plain.includes(HOLE)
        ? unknown(taint)
        : number(plain.codePointAt(0)!, taint);
    },
  ],
  ['int', toInt],
  ['bytes', toBytes],
  ['bytearray', toByteArray],
  ['divmod', divmod],
  ['pow', power],
  [
    'format',
    (call, taint) => {
      const [value, spec] = call.args;
      return text(value === undefined ? HOLE : formatValue(value, plainText(firstOf(spec ?? text(''))) ?? ''), taint);
    },
  ],
  ['range', range],
  ['xrange', range],
  ['zip', zip],
  ['sorted', sorted],
  ['list', sequence('list')],
  ['tuple', sequence('tuple')],
  ['set', sequence('set')],
  ['frozenset', sequence('set')],
  ['iter', sequence('list')],
  ['dict', toDict],
  [
    'str',
    (call, taint) => {
      const from = call.args[0] === undefined ? undefined : firstOf(call.args[0]);
      const codec = call.args[1] ?? call.keywords.get('encoding');
      const raw = from === undefined ? undefined : asBytes(from);
      if (raw?.kind === 'bytes' && codec !== undefined) {
        const decoded = decodeText(raw.value, plainText(firstOf(codec)) ?? 'utf-8');
        return decoded === undefined ? unknown(taint | TAINT.decoded) : text(decoded, taint);
      }
      return text(from === undefined ? '' : (plainText(from) ?? HOLE), taint);
    },
  ],
  [
    'unicode',
    (call, taint) => text(call.args[0] === undefined ? '' : (plainText(firstOf(call.args[0])) ?? HOLE), taint),
  ],
  [
    'len',
    (call, taint) => {
      const items = itemsOf(call.args[0]);
      const from = call.args[0] === undefined ? undefined : firstOf(call.args[0]);
      if (from?.kind === 'text' && !from.value.includes(HOLE)) return number(from.value.length);
      if (from?.kind === 'bytes') return number(from.value.length);
      return items === undefined ? unknown(taint) : number(items.length);
    },
  ],
  [
    'reversed',
    (call, taint) => {
      const items = itemsOf(call.args[0]);
      return items === undefined ? unknown(taint) : list([...items].reverse(), taint);
    },
  ],
  [
    'enumerate',
    (call, taint) => {
      const items = itemsOf(call.args[0]);
      const start = wholeNumber(call.args[1] ?? call.keywords.get('start')) ?? 0;
      return items === undefined
        ? unknown(taint)
        : list(
            items.map((each, index) => list([number(index + start), each], 0, 'tuple')),
            taint,
          );
    },
  ],
  [
    'sum',
    (call, taint) => {
      const items = itemsOf(call.args[0]);
      if (items === undefined) return unknown(taint);
      return items
        .slice(0, MAX_ITEMS)
        .reduce((total, each) => foldBinary('+', total, each), call.args[1] ?? number(0, taint));
    },
  ],
  ['isinstance', (call, taint) => isInstance(call) ?? unknown(taint)],
  [
    'abs',
    (call, taint) => {
      const value = wholeNumber(call.args[0]);
      return value === undefined ? unknown(taint) : number(Math.abs(value), taint);
    },
  ],
  ['hex', (call, taint) => digits(call, taint, '0x', 16)],
  ['bin', (call, taint) => digits(call, taint, '0b', 2)],
  ['oct', (call, taint) => digits(call, taint, '0o', 8)],
  [
    'bool',
    (call, taint) => {
      const truth = call.args[0] === undefined ? false : truthOf(call.args[0]);
      return truth === undefined || !isConstant(call.args[0] ?? bool(false)) ? unknown(taint) : bool(truth, taint);
    },
  ],
  ['memoryview', (call) => call.args[0]],
  [
    'repr',
    (call, taint) => text(call.args[0] === undefined ? HOLE : (plainText(firstOf(call.args[0])) ?? HOLE), taint),
  ],
]);

/** Names of the built-in types that a constant has, its bases too; undefined for what is no constant. */
function typesOf(value: Value): readonly string[] | undefined {
  switch (value.kind) {
    case 'text':
      return ['str', 'unicode', 'basestring'];
    case 'bytes':
      return ['bytes', 'str', 'basestring'];
    case 'bool':
      return ['bool', 'int'];
    case 'list':
      return [value.type];
    case 'dict':
      return ['dict'];
    default:
      return undefined;
  }
}

/** `isinstance` of a constant and built-in types; undefined when either is something else. */
function isInstance({ args: [value, types] }: CallShape): Value | undefined {
  const own = value === undefined ? undefined : typesOf(value);
  const asked = types?.kind === 'list' && !types.open ? types.items : types === undefined ? [] : [types];
  const names = asked.flatMap((each) =>
    each.kind === 'external' && each.path.startsWith('builtins.') ? each.path.slice('builtins.'.length) : [],
  );
  if (own === undefined || asked.length === 0 || names.length < asked.length) return undefined;
  // Bytes are `str` in Python 2 and are not in Python 3.
  if (value?.kind === 'bytes' && names.includes('str')) return undefined;
  return bool(names.some((name) => own.includes(name)));
}

function charOf(code: number | undefined, taint: number): Value {
  if (code === undefined || code < 0 || code > 0x10ffff) return text(HOLE, taint | TAINT.decoded);
  return text(String.fromCodePoint(code), taint | TAINT.decoded);
}

function digits(call: CallShape, taint: number, prefix: string, radix: number): Value {
  const value = call.args[0] === undefined ? undefined : firstOf(call.args[0]);
  if (value?.kind !== 'number') return unknown(taint);
  const plain = value.value.toString(radix);
  return text(plain.startsWith('-') ? `-${prefix}${plain.slice(1)}` : prefix + plain, taint);
}

/** `divmod(a, b)`, and `pow(a, b, c)` below. */
function divmod(call: CallShape, taint: number): Value {
  const [left, right] = call.args.map(firstOf);
  if (left === undefined || right === undefined) return unknown(taint);
  return list([foldBinary('//', left, right), foldBinary('%', left, right)], taint, 'tuple');
}

const MAX_EXPONENT_BITS = 4096;

function power(call: CallShape, taint: number): Value {
  const [base, exponent, modulus] = call.args.map(firstOf);
  if (base === undefined || exponent === undefined) return unknown(taint);
  if (modulus === undefined) return foldBinary('**', base, exponent);
  if (base.kind !== 'number' || exponent.kind !== 'number' || modulus.kind !== 'number') return unknown(taint);
  if (!isWhole(base.value) || !isWhole(exponent.value) || !isWhole(modulus.value)) return unknown(taint);
  const [times, by] = [BigInt(exponent.value), BigInt(modulus.value)];
  if (
    times < 0n ||
    by < 1n ||
    times.toString(2).length > MAX_EXPONENT_BITS ||
    by.toString(2).length > MAX_EXPONENT_BITS
  )
    return unknown(taint);
  let result = 1n % by;
  let square = BigInt(base.value) % by;
  for (let left = times; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % by;
    square = (square * square) % by;
  }
  return fromBig(result, taint | TAINT.decoded);
}
