import { roleOf } from '../catalogue/roles.ts';
import type { Stmt } from '../syntax/ir.ts';
import { either, external, HOLE, type Scope, text, unknown, type Value } from '../values/value.ts';
import type { Frame } from './run.ts';

const BUILTINS = new Set(
  'abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval exec execfile file filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len list locals long map max memoryview min next object oct open ord pow print property range raw_input reduce reload repr reversed round set setattr slice sorted staticmethod str sum super tuple type unichr unicode vars xrange zip __import__'.split(
    ' ',
  ),
);
/** Samples often use a module without importing it, inside a `try` that swallows the error, or after an `exec` that imports it. */
const ASSUMED_MODULES = new Set(
  'os sys subprocess socket requests urllib urllib2 httplib base64 zlib marshal pickle platform getpass shutil tempfile ctypes threading importlib builtins codecs binascii json time random re ssl struct uuid winreg sqlite3 zipfile pathlib'.split(
    ' ',
  ),
);

export function newScope(kind: Scope['kind'], parent?: Scope): Scope {
  return { names: new Map(), parent, kind, outer: undefined, stars: undefined };
}

/** The value of a name, as Python's rules find it: class bodies are not seen from the functions in them. */
export function lookUpName(id: string, frame: Frame): Value {
  for (let scope: Scope | undefined = frame.scope; scope !== undefined; scope = scope.parent) {
    if (scope.kind === 'class' && scope !== frame.scope) continue;
    const found = scope.names.get(id);
    if (found !== undefined && !(scope === frame.scope && scope.outer?.has(id))) return found;
  }
  if (id === '__builtins__' || id === '__builtin__') return external('builtins');
  if (id === '__loader__' || id === '__spec__') return external(`importlib.${id}`);
  if (id === '__file__') return text(`${HOLE}/${frame.home.path}`);
  if (id === '__name__') return text(frame.home.module);
  for (const star of moduleScope(frame.scope).stars ?? []) {
    if (!BUILTINS.has(id) || roleOf(`${star}.${id}`) !== undefined) return external(`${star}.${id}`);
  }
  if (BUILTINS.has(id)) return external(`builtins.${id}`);
  return ASSUMED_MODULES.has(id) ? external(id) : unknown();
}

/**
 * `globals()`, `locals()` and `vars()` as a dict of the names in them that are wanted; every other value as it is. It has the taint
 * of these names only: what else the code holds does not flow where the dict goes.
 */
export function namesAsDict(value: Value, frame: Frame, wanted: (name: string) => boolean = () => true): Value {
  const scope = value.kind === 'external' ? NAMESPACES.get(value.path)?.(frame.scope) : undefined;
  if (scope === undefined) return value;
  const named = [...scope.names].filter(([name]) => wanted(name));
  const taint = named.reduce((sum, [, each]) => sum | each.taint, value.taint);
  return { kind: 'dict', entries: new Map(named.map(([name, each]) => [`t:${name}`, each])), open: true, taint };
}
const NAMESPACES: ReadonlyMap<string, (scope: Scope) => Scope> = new Map([
  ['builtins.globals()', moduleScope],
  ['builtins.locals()', (scope) => scope],
  ['builtins.vars()', (scope) => scope],
]);

/** True for `globals()` and its kin, by the path of what they return. */
export function isNamespace(path: string): boolean {
  return NAMESPACES.has(path);
}

export function moduleScope(scope: Scope): Scope {
  let outermost = scope;
  while (outermost.parent !== undefined) outermost = outermost.parent;
  return outermost;
}

/** Binds a name where Python would; in code that may not run the old value stays an option. */
export function bindName(id: string, value: Value, frame: Frame): void {
  const scope = frame.scope.outer?.has(id) ? holder(id, frame.scope) : frame.scope;
  scope.names.set(id, frame.uncertain > 0 ? either(scope.names.get(id), value) : value);
}

function holder(id: string, scope: Scope): Scope {
  for (let outer = scope.parent; outer !== undefined; outer = outer.parent) {
    if (outer.kind === 'function' && outer.names.has(id)) return outer;
  }
  return moduleScope(scope);
}

/** The text at the start of a module or class, which code can read as `__doc__`. */
export function bindDoc(body: readonly Stmt[], scope: Scope): void {
  const [first] = body;
  if (first?.kind === 'expression' && first.value.kind === 'text') scope.names.set('__doc__', text(first.value.value));
}
