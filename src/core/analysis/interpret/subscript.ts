import { isPathVariable } from '../catalogue/paths.ts';
import { roleOf } from '../catalogue/roles.ts';
import type { Expr } from '../syntax/ir.ts';
import { lookUp } from '../values/format.ts';
import { TAINT } from '../values/taint.ts';
import {
  asBytes,
  bytes,
  type ClassValue,
  either,
  external,
  firstOf,
  HOLE,
  isConstant,
  list,
  none,
  number,
  optionsOf,
  plainText,
  positional,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { memberOf } from './attribute.ts';
import { elementOf } from './collections.ts';
import { type Frame, type Run, report } from './run.ts';
import { isNamespace, lookUpName } from './scope.ts';
import { callSpecial } from './special-methods.ts';

/** `object[index]`, for every alternative of the object. */
export function subscript(run: Run, objectValue: Value, index: Expr, frame: Frame): Value {
  if (index.kind === 'slice') return slice(run, firstOf(objectValue), index, frame);
  const key = run.evaluate(index, frame);
  if (key.kind === 'external' && key.path === 'builtins.slice()')
    return sliceOf(firstOf(objectValue), key.made?.args ?? []);
  return itemOf(run, objectValue, key, frame, index.at);
}

/** `object[key]` for a key that is already a value, as in `object.__getitem__(key)`. */
export function itemOf(run: Run, objectValue: Value, key: Value, frame: Frame, at: number): Value {
  let result: Value | undefined;
  for (const object of optionsOf(objectValue)) result = either(result, subscriptOne(run, object, key, frame, at));
  return result ?? unknown();
}

function subscriptOne(run: Run, object: Value, key: Value, frame: Frame, at: number): Value {
  const plain = plainText(firstOf(key));
  switch (object.kind) {
    case 'list': {
      const position = key.kind === 'number' ? Number(key.value) : key.kind === 'bool' ? Number(key.value) : undefined;
      if (position === undefined) return elementOf(object);
      return object.items.at(position) ?? unknown(object.taint);
    }
    case 'dict':
      return (
        lookUp(object, key) ?? either(unknown(object.taint), [...object.entries.values()][0] ?? unknown(object.taint))
      );
    case 'text': {
      const position = key.kind === 'number' ? Number(key.value) : undefined;
      return position === undefined || !isConstant(object)
        ? unknown(object.taint | key.taint)
        : text(object.value.at(position) ?? '', object.taint);
    }
    case 'bytes': {
      const position = key.kind === 'number' ? Number(key.value) : undefined;
      return position === undefined
        ? unknown(object.taint | key.taint)
        : number(object.value.at(position) ?? 0, object.taint);
    }
    case 'external':
      return subscriptExternal(run, object, key, plain, frame, at);
    case 'instance':
      return (
        callSpecial(run, object, ['__getitem__', '__missing__'], [key], frame) ??
        (plain === undefined ? unknown(object.taint) : run.attribute(object, plain, frame))
      );
    case 'class':
      return classItem(run, object, key, frame);
    case 'module':
      return plain === undefined ? unknown(object.taint) : run.attribute(object, plain, frame);
    default:
      return unknown(object.taint | key.taint);
  }
}

/** `Class[item]` runs `__class_getitem__`, or `__getitem__` of the metaclass. */
function classItem(run: Run, type: ClassValue, key: Value, frame: Frame): Value {
  const own = memberOf(type, '__class_getitem__');
  const method = own ?? (type.metaclass === undefined ? undefined : memberOf(type.metaclass, '__getitem__'));
  if (method?.kind !== 'function') return type;
  return run.call({ ...method, self: type }, positional(key), frame, method.at);
}

function subscriptExternal(
  run: Run,
  object: Extract<Value, { kind: 'external' }>,
  key: Value,
  plain: string | undefined,
  frame: Frame,
  at: number,
): Value {
  if (object.path === 'os.environ') return environmentVariable(run, frame, at, plain);
  if (object.path === 'sys.modules' && plain !== undefined) return run.importModule(plain, frame);
  if (isNamespace(object.path)) {
    return plain === undefined ? unknown(object.taint) : globalName(plain, frame);
  }
  if (object.path === 'sys.argv' || plain === undefined) return unknown(object.taint | key.taint);
  return key.kind === 'text'
    ? run.attribute(object, plain, frame)
    : external(`${object.path}[]`, object.taint, object.made);
}

/** `f.__globals__['system']` of a function elsewhere: a name that only `os` has is taken for it. */
function globalName(name: string, frame: Frame): Value {
  const value = lookUpName(name, frame);
  return value.kind === 'unknown' && roleOf(`os.${name}`) !== undefined ? external(`os.${name}`) : value;
}

/** Variables that name folders become a readable text; the others carry the taint of the environment. */
export function environmentVariable(run: Run, frame: Frame, at: number, name: string | undefined): Value {
  report(run, frame, at, {
    kind: 'call',
    role: 'environment-read',
    name: 'os.environ',
    call: { args: [text(name ?? HOLE)], keywords: new Map() },
    taint: TAINT.environment,
  });
  if (name !== undefined && isPathVariable(name)) return text(`%${name}%`);
  return unknown(TAINT.environment);
}

function slice(run: Run, object: Value, index: Extract<Expr, { kind: 'slice' }>, frame: Frame): Value {
  const bounds = [index.start, index.stop, index.step].map((expr) =>
    expr === undefined ? none() : run.evaluate(expr, frame),
  );
  return sliceOf(object, bounds);
}

/** @param bounds start, stop and step; of `slice(stop)` the only one */
function sliceOf(given: Value, bounds: readonly Value[]): Value {
  const object = asBytes(given);
  const bound = (value: Value | undefined): number | undefined | null =>
    value?.kind === 'number' ? Number(value.value) : value === undefined || value.kind === 'none' ? undefined : null;
  const [one, two, three] = bounds;
  const [start, stop] = bounds.length === 1 ? [undefined, bound(one)] : [bound(one), bound(two)];
  const step = bound(three) ?? 1;
  if (start === null || stop === null) return object.kind === 'external' ? object : unknown(object.taint);
  const pick = <T>(length: number, item: (at: number) => T): T[] => {
    const from =
      start === undefined
        ? step < 0
          ? length - 1
          : 0
        : Math.min(Math.max(start < 0 ? start + length : start, step < 0 ? -1 : 0), step < 0 ? length - 1 : length);
    const to =
      stop === undefined ? (step < 0 ? -1 : length) : Math.min(Math.max(stop < 0 ? stop + length : stop, -1), length);
    const picked: T[] = [];
    for (let at = from; step !== 0 && (step > 0 ? at < to : at > to); at += step) picked.push(item(at));
    return picked;
  };
  switch (object.kind) {
    case 'text': {
      if (step === 1) return text(object.value.slice(start, stop), object.taint);
      const chars = [...object.value];
      return text(pick(chars.length, (at) => chars[at]!).join(''), object.taint);
    }
    case 'bytes':
      return bytes(
        step === 1
          ? object.value.slice(start, stop)
          : Uint8Array.from(pick(object.value.length, (at) => object.value[at]!)),
        object.taint,
      );
    case 'list':
      return object.open
        ? object
        : list(
            pick(object.items.length, (at) => object.items[at]!),
            object.taint,
            object.type,
          );
    case 'external':
      return object;
    default:
      return unknown(object.taint);
  }
}
