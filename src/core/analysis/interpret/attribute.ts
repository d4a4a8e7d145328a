import { TAINT } from '../values/taint.ts';
import {
  type ClassValue,
  either,
  external,
  firstOf,
  HOLE,
  number,
  plainText,
  positional,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import type { Frame, Run } from './run.ts';
import { lookUpName } from './scope.ts';

type Instance = Extract<Value, { kind: 'instance' }>;

const MAX_PATH = 200;
/** The interpreter's version and the kind of system are no facts about this machine: downloads are picked by them. */
const HOST_ATTRIBUTES = new Set(['sys.executable']);

/** `object.name` as Python would find it. */
export function attributeOf(run: Run, value: Value, name: string, frame: Frame): Value {
  if (value.kind !== 'options') return attributeOfOne(run, value, name, frame);
  let result: Value | undefined;
  for (const object of value.options) result = either(result, attributeOfOne(run, object, name, frame));
  return result ?? unknown();
}

function attributeOfOne(run: Run, object: Value, name: string, frame: Frame): Value {
  switch (object.kind) {
    case 'external': {
      const set = run.replaced.size === 0 ? undefined : run.replaced.get(`${object.path}.${name}`);
      return set === undefined ? attributeOfExternal(object, name) : either(attributeOfExternal(object, name), set);
    }
    case 'module':
      return run.moduleAttribute(object.name, name, frame) ?? moduleFallback(run, object.name, name, frame);
    case 'instance':
      if (name === '__class__') return object.of;
      if (name === '__dict__') return object;
      return object.attributes.get(name) ?? attributeOfInstance(run, object, name, frame);
    case 'class':
      if (name === '__dict__') return object;
      if (name === '__name__') return text(object.name);
      return boundToClass(object, memberOf(object, name)) ?? unknown();
    case 'function':
      // Its code object runs what the function runs.
      if (name === '__call__' || name === '__code__' || name === '__wrapped__') return object;
      if (name === '__globals__') return external('builtins.globals()');
      if (name === '__doc__') return docOf(object);
      return name === '__name__' ? text(object.name) : unknown();
    case 'text':
      if (name === '__class__') return external('builtins.str');
      return pathAttribute(object, name) ?? { kind: 'method', receiver: object, name, taint: object.taint };
    case 'bytes':
    case 'list':
    case 'dict':
    case 'number':
      if (name === '__class__') return external(`builtins.${object.kind === 'list' ? object.type : 'object'}`);
      return { kind: 'method', receiver: object, name, taint: object.taint };
    default:
      return unknown(object.taint);
  }
}

function docOf({ body }: Extract<Value, { kind: 'function' }>): Value {
  const [first] = 'kind' in body ? [] : body;
  return first?.kind === 'expression' && first.value.kind === 'text' ? text(first.value.value) : unknown();
}

/** A module's own `__getattr__` answers for names that it has not (PEP 562). */
function moduleFallback(run: Run, module: string, name: string, frame: Frame): Value {
  const fallback = name.startsWith('__') ? undefined : run.moduleAttribute(module, '__getattr__', frame);
  return fallback?.kind === 'function' ? run.call(fallback, positional(text(name)), frame, fallback.at) : unknown();
}

function attributeOfInstance(run: Run, object: Instance, name: string, frame: Frame): Value {
  const member = memberOf(object.of, name);
  if (member?.kind === 'function' && member.binding === 'property')
    return run.call(bindTo(object, member), positional(), frame, member.at);
  if (member !== undefined) return bindTo(object, member);
  const fallback = name.startsWith('__')
    ? undefined
    : (memberOf(object.of, '__getattr__') ?? memberOf(object.of, '__getattribute__'));
  if (fallback?.kind !== 'function') return unknown(object.taint);
  return run.call(bindTo(object, fallback), positional(text(name)), frame, fallback.at);
}

/** Modules that others import for themselves: `shutil.os` is `os`. */
const PASSED_ON = new Set(['os', 'sys', 'subprocess', 'builtins', 'socket', 'importlib', 'ctypes', 'urllib', 'shutil']);

function attributeOfExternal(object: Extract<Value, { kind: 'external' }>, name: string): Value {
  if (name === '__dict__' || name === '__wrapped__' || name === '__call__') return object;
  if (name === '__self__' && object.path.startsWith('builtins.')) return external('builtins');
  if ((name === '__base__' || name === '__bases__' || name === '__mro__') && object.path.startsWith('builtins.'))
    return external('builtins.object');
  if (
    PASSED_ON.has(name) &&
    name !== object.path &&
    object.made === undefined &&
    /^[a-z_]+(?:\.path)?$/.test(object.path)
  )
    return external(name);
  if (name === '__builtins__' || name === 'f_builtins') return external('builtins');
  if (name === '__globals__' || name === 'f_globals') return external('builtins.globals()');
  if (object.path.length > MAX_PATH) return unknown(object.taint);
  if (object.path === 'builtins.open()' && name === 'name') return object.made?.args[0] ?? unknown(object.taint);
  const path = `${object.path}.${name}`;
  // Names of a mapping's own insides: still all of it.
  if (path === 'os.environ._data') return object;
  if (path === 'os.environ' || path === 'os.environb') return external('os.environ', TAINT.allEnvironment);
  if (path === 'os.sep' || path === 'os.path.sep') return text('/');
  if (path === 'os.pathsep') return text(':');
  if (path === 'os.devnull') return text('/dev/null');
  if (path === 'os.linesep') return text('\n');
  if (path === 'sys.executable') return text(`${HOLE}/python`);
  if (path === 'zlib.MAX_WBITS') return number(15);
  if (path.startsWith('string.')) return CHARACTER_SETS.get(path) ?? external(path, object.taint, object.made);
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

/** A member as an object hands it out. */
export function bindTo(self: Instance, member: Value): Value {
  if (member.kind !== 'function' || member.self !== undefined || member.binding === 'static') return member;
  return { ...member, self: member.binding === 'class' ? self.of : self };
}

function boundToClass(type: ClassValue, member: Value | undefined): Value | undefined {
  if (member?.kind !== 'function' || member.self !== undefined || member.binding !== 'class') return member;
  return { ...member, self: type };
}

/** `getattr(object, name)` and its kin; a name that is not known gives what could be behind it. */
export function dynamicAttribute(run: Run, object: Value, name: Value | undefined, frame: Frame): Value {
  const plain = name === undefined ? undefined : plainText(firstOf(name));
  if (plain === undefined || plain.includes(HOLE)) return unknown(object.taint | (name?.taint ?? 0));
  if (object.kind === 'external' && object.path === 'builtins')
    return lookUpName(plain, { ...frame, scope: { ...frame.scope, names: new Map(), parent: undefined } });
  return run.attribute(object, plain, frame);
}
