import type { Expr, Param, Stmt } from '../syntax/ir.ts';

/** Stands in a text for a piece that is not known. A private-use character: it occurs in no URL, command or path. */
export const HOLE = '\uf8ff';
/** Longer constants are not folded further. */
export const MAX_TEXT = 4_000_000;
export const MAX_ITEMS = 70_000;

/** A `bytearray` is kept as its numbers, because code fills it one by one. */
export type ListType = 'list' | 'tuple' | 'set' | 'bytearray';

/** What the analysis knows about a value. `taint` is a TAINT bit set; containers collect the bits of what is put in. */
export type Value = { taint: number } & (
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'none' }
  /** `open`: further items exist that are not known. */
  | { readonly kind: 'list'; readonly type: ListType; readonly items: Value[]; open: boolean }
  | { readonly kind: 'dict'; readonly entries: Map<string, Value>; open: boolean }
  | FunctionValue
  | ClassValue
  | { readonly kind: 'instance'; readonly of: ClassValue; readonly attributes: Map<string, Value> }
  | { readonly kind: 'module'; readonly name: string }
  | External
  /** A method of a constant: `''.join`. */
  | { readonly kind: 'method'; readonly receiver: Value; readonly name: string }
  | { readonly kind: 'options'; readonly options: readonly Value[] }
  | { readonly kind: 'unknown' }
);

/**
 * Something outside the package, by its dotted path: `os.system`, and `requests.Session().post` for a method of what a
 * call returned. `made` is that call.
 */
export type External = {
  readonly kind: 'external';
  readonly path: string;
  readonly made?: CallShape;
  readonly bound?: CallShape;
  taint: number;
};

export type FunctionValue = {
  readonly kind: 'function';
  readonly name: string;
  readonly at: number;
  readonly params: readonly Param[];
  readonly body: readonly Stmt[] | Expr;
  readonly scope: Scope;
  readonly home: Home;
  readonly self?: Value;
  /** How a class hands it out: as an attribute, bound to the class, or not bound. */
  readonly binding?: 'property' | 'class' | 'static';
  /** Arguments bound by functools.partial. */
  readonly bound?: CallShape;
  taint: number;
};

export type ClassValue = {
  readonly kind: 'class';
  readonly name: string;
  readonly at: number;
  readonly bases: readonly Value[];
  readonly metaclass?: ClassValue;
  readonly scope: Scope;
  readonly home: Home;
  taint: number;
};

/** Names of a module, class or function body. */
export type Scope = {
  readonly names: Map<string, Value>;
  readonly parent: Scope | undefined;
  readonly kind: 'module' | 'class' | 'function';
  /** Names declared global or nonlocal; made when there is one, because each call of a function makes a scope. */
  outer: Set<string> | undefined;
  /** Modules outside the package whose names were imported with `*`. */
  stars: string[] | undefined;
};

/** The source text that offsets refer to. */
export type Home = {
  readonly module: string;
  readonly path: string;
  readonly text: string;
  /** 0 for a file, n for code found inside n strings. */
  readonly layer: number;
  /** For code found in a string: the line of the file that runs it, and whether the string had to be decoded. */
  readonly anchor?: { readonly line: number; readonly unit: string; readonly decoded: boolean };
  /** Where the top-level statements start; definitions with their name. In order. */
  readonly outline: readonly { readonly at: number; readonly name: string }[];
};

/** Shared: most calls have none, and a map costs more than all the rest of a call. */
export const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map();

export type CallShape = { readonly args: readonly Value[]; readonly keywords: ReadonlyMap<string, Value> };

export function unknown(taint = 0): Value {
  return { kind: 'unknown', taint };
}
export function text(value: string, taint = 0): Value {
  return value.length > MAX_TEXT ? unknown(taint) : { kind: 'text', value, taint };
}
export function bytes(value: Uint8Array, taint = 0): Value {
  return value.length > MAX_TEXT ? unknown(taint) : { kind: 'bytes', value, taint };
}
export function number(value: number | bigint, taint = 0): Value {
  return { kind: 'number', value, taint };
}
export function bool(value: boolean, taint = 0): Value {
  return { kind: 'bool', value, taint };
}
export function none(): Value {
  return { kind: 'none', taint: 0 };
}
export function list(items: Value[], taint = 0, type: ListType = 'list'): Value {
  return { kind: 'list', type, items, open: false, taint: taint | taintOf(items) };
}
export function external(path: string, taint = 0, made?: CallShape): Value {
  return { kind: 'external', path, taint, ...(made !== undefined && { made }) };
}

/** The taint of several values together. */
export function taintOf(values: Iterable<Value>): number {
  let taint = 0;
  for (const value of values) taint |= value.taint;
  return taint;
}

/** A value that may be one or the other; equal constants stay one. At most four options are kept. */
export function either(one: Value | undefined, other: Value): Value {
  if (one === undefined || one === other) return other;
  if (isConstant(one) && isConstant(other) && sameConstant(one, other)) return other;
  const options = [...optionsOf(other), ...optionsOf(one)].filter(
    (each) => each.kind !== 'none' && each.kind !== 'unknown',
  );
  const taint = one.taint | other.taint;
  if (options.length === 0) return unknown(taint);
  if (options.length === 1 && options[0]!.taint === taint) return options[0]!;
  return { kind: 'options', options: options.slice(0, 4), taint };
}

/** The alternatives of a value: itself when there is only one. */
export function optionsOf(value: Value): readonly Value[] {
  return value.kind === 'options' ? value.options : [value];
}

/** The value that folding works on: the first alternative. */
export function firstOf(value: Value): Value {
  return value.kind === 'options' ? value.options[0]! : value;
}

/** True when all of a value is known. Lists may hold themselves: deep ones count as not known. */
export function isConstant(value: Value): boolean {
  return isKnown(value, { visits: 2 * MAX_ITEMS }, 0);
}

function isKnown(value: Value, left: { visits: number }, depth: number): boolean {
  if (value.kind === 'text') return !value.value.includes(HOLE);
  if (value.kind === 'list') {
    if (value.open || depth > 20) return false;
    return value.items.every((item) => left.visits-- > 0 && isKnown(item, left, depth + 1));
  }
  return value.kind === 'bytes' || value.kind === 'number' || value.kind === 'bool' || value.kind === 'none';
}

/** How much there is to look at in a value: what a call over it costs beside its own step. */
export function sizeOf(value: Value): number {
  if (value.kind === 'text' || value.kind === 'bytes') return value.value.length;
  if (value.kind === 'list') return value.items.length;
  return value.kind === 'dict' ? value.entries.size : 1;
}

function sameConstant(one: Value, other: Value): boolean {
  if (one.taint !== other.taint) return false;
  if (one.kind === 'text' && other.kind === 'text') return one.value === other.value;
  if (one.kind === 'number' && other.kind === 'number') return one.value === other.value;
  return one.kind === 'bool' && other.kind === 'bool' && one.value === other.value;
}

/** Truth of a constant as Python sees it, undefined when it is not known. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'text':
      return value.value !== '';
    case 'bytes':
      return value.value.length > 0;
    case 'number':
      return value.value !== 0 && value.value !== 0n;
    case 'bool':
      return value.value;
    case 'none':
      return false;
    case 'list':
      return value.open ? undefined : value.items.length > 0;
    default:
      return undefined;
  }
}

/** The text of a constant for display and for joining: `None`, `True`, digits, Latin-1 for bytes. */
export function plainText(value: Value): string | undefined {
  switch (value.kind) {
    case 'text':
      return value.value;
    case 'number':
      return String(value.value);
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'none':
      return 'None';
    case 'bytes':
      return Buffer.from(value.value).toString('latin1');
    default:
      return undefined;
  }
}

/** A bytearray as bytes, as far as it is known; any other value as it is. */
export function asBytes(value: Value): Value {
  if (value.kind !== 'list' || value.type !== 'bytearray' || value.open) return value;
  if (!value.items.every((item) => item.kind === 'number')) return unknown(value.taint);
  return bytes(
    Uint8Array.from(value.items.map((item) => (item.kind === 'number' ? Number(item.value) : 0))),
    value.taint,
  );
}

/** The key of a constant in a dict, undefined when it cannot be told. */
export function keyOf(value: Value): string | undefined {
  const plain = plainText(firstOf(value));
  return plain === undefined ? undefined : `${value.kind === 'number' || value.kind === 'bool' ? 'n' : 't'}:${plain}`;
}

/** A callee and its arguments without keywords, for calls that the interpreter makes itself. */
export function positional(...args: Value[]): CallShape {
  return { args, keywords: NO_KEYWORDS };
}
