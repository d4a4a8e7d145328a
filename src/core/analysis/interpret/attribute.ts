import { TAINT } from '../values/taint.ts';
import {
  type ClassValue,
  either,
  external,
  firstOf,
  HOLE,
  optionsOf,
  plainText,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import type { Frame, Run } from './run.ts';
import { lookUpName } from './scope.ts';

const MAX_PATH = 200;
const HOST_ATTRIBUTES = new Set(['sys.platform', 'os.name', 'sys.version', 'sys.executable']);

/** `object.name` as Python would find it. */
export function attributeOf(run: Run, value: Value, name: string, frame: Frame): Value {
  let result: Value | undefined;
  for (const object of optionsOf(value)) result = either(result, attributeOfOne(run, object, name, frame));
  return result ?? unknown();
}

function attributeOfOne(run: Run, object: Value, name: string, frame: Frame): Value {
  switch (object.kind) {
    case 'external':
      return attributeOfExternal(object, name);
    case 'module':
      return run.moduleAttribute(object.name, name, frame) ?? unknown();
    case 'instance':
      if (name === '__class__') return object.of;
      if (name === '__dict__') return object;
      return object.attributes.get(name) ?? bindTo(object, memberOf(object.of, name)) ?? unknown(object.taint);
    case 'class':
      if (name === '__dict__') return object;
      if (name === '__name__') return text(object.name);
      return memberOf(object, name) ?? unknown();
    case 'function':
      if (name === '__globals__') return external('builtins.globals()');
      return name === '__name__' ? text(object.name) : unknown();
    case 'text':
      return pathAttribute(object, name) ?? { kind: 'method', receiver: object, name, taint: object.taint };
    case 'bytes':
    case 'list':
    case 'dict':
    case 'number':
      return { kind: 'method', receiver: object, name, taint: object.taint };
    default:
      return unknown(object.taint);
  }
}

function attributeOfExternal(object: Extract<Value, { kind: 'external' }>, name: string): Value {
  if (name === '__dict__' || name === '__wrapped__') return object;
  if (name === '__builtins__' || name === 'f_builtins') return external('builtins');
  if (name === '__globals__' || name === 'f_globals') return external('builtins.globals()');
  if (object.path.length > MAX_PATH) return unknown(object.taint);
  if (object.path === 'builtins.open()' && name === 'name') return object.made?.args[0] ?? unknown(object.taint);
  const path = `${object.path}.${name}`;
  if (path === 'os.environ' || path === 'os.environb') return external('os.environ', TAINT.allEnvironment);
  if (path === 'os.sep' || path === 'os.path.sep') return text('/');
  if (path === 'os.pathsep') return text(':');
  if (path === 'os.devnull') return text('/dev/null');
  if (path === 'os.linesep') return text('\n');
  if (path === 'sys.executable') return text(`${HOLE}/python`);
  if (path.startsWith('string.')) return CHARACTER_SETS.get(path) ?? external(path);
  return external(path, object.taint | (HOST_ATTRIBUTES.has(path) ? TAINT.host : 0), object.made);
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const CHARACTER_SETS = new Map<string, Value>([
  ['string.ascii_lowercase', text(LOWER)],
  ['string.ascii_uppercase', text(LOWER.toUpperCase())],
  ['string.ascii_letters', text(LOWER + LOWER.toUpperCase())],
  ['string.digits', text('0123456789')],
  ['string.hexdigits', text('0123456789abcdefABCDEF')],
  ['string.punctuation', text('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~')],
]);

/** pathlib paths are kept as texts; these are their attributes. */
function pathAttribute(path: Extract<Value, { kind: 'text' }>, name: string): Value | undefined {
  if (name === 'parent') return text(path.value.replace(/[\\/][^\\/]*$/, ''), path.taint);
  if (name === 'name') return text(path.value.replace(/^.*[\\/]/, ''), path.taint);
  if (name === 'stem' || name === 'suffix' || name === 'parts' || name === 'parents') return unknown(path.taint);
  return undefined;
}

const MAX_BASES = 12;

/** A member of a class or of its bases; of bases outside the package by their path. */
export function memberOf(type: ClassValue, name: string, depth = 0): Value | undefined {
  const own = type.scope.names.get(name);
  if (own !== undefined) return own;
  if (depth > MAX_BASES) return undefined;
  for (const base of type.bases) {
    const from = firstOf(base);
    if (from.kind === 'class') {
      const found = memberOf(from, name, depth + 1);
      if (found !== undefined) return found;
    } else if (from.kind === 'external' && from.path !== 'builtins.object') return external(`${from.path}().${name}`);
  }
  return undefined;
}

function bindTo(self: Value, member: Value | undefined): Value | undefined {
  return member?.kind === 'function' && member.self === undefined ? { ...member, self } : member;
}

/** `getattr(object, name)` and its kin; a name that is not known gives what could be behind it. */
export function dynamicAttribute(run: Run, object: Value, name: Value | undefined, frame: Frame): Value {
  const plain = name === undefined ? undefined : plainText(firstOf(name));
  if (plain === undefined || plain.includes(HOLE)) return unknown(object.taint | (name?.taint ?? 0));
  if (object.kind === 'external' && object.path === 'builtins')
    return lookUpName(plain, { ...frame, scope: { ...frame.scope, names: new Map(), parent: undefined } });
  return run.attribute(object, plain, frame);
}
