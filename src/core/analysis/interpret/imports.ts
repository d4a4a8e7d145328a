import type { Stmt } from '../syntax/ir.ts';
import { external, unknown, type Value } from '../values/value.ts';
import { type Frame, type Run, report } from './run.ts';
import { bindName, moduleScope } from './scope.ts';

/** `import a.b as c`: binds `a`, or what the alias names. */
export function importPlain(run: Run, statement: Extract<Stmt, { kind: 'import' }>, frame: Frame): void {
  for (const { name, alias } of statement.names) {
    const value = importNamed(run, name, frame, statement.at);
    if (alias !== undefined) bindName(alias, value, frame);
    else {
      const head = name.split('.')[0]!;
      bindName(head, name === head ? value : run.importModule(head, frame), frame);
    }
  }
}

/** `from a import b, c as d` and `from a import *`. */
export function importFrom(run: Run, statement: Extract<Stmt, { kind: 'from-import' }>, frame: Frame): void {
  const name = absoluteName(run, statement.level, statement.module, frame);
  const module = importNamed(run, name, frame, statement.at);
  if (statement.names === '*') {
    if (module.kind === 'external') {
      const outermost = moduleScope(frame.scope);
      outermost.stars ??= [];
      outermost.stars.push(module.path);
    } else if (module.kind === 'module')
      for (const [id, value] of exportsOf(run, module.name, frame)) bindName(id, value, frame);
    return;
  }
  for (const { name: id, alias } of statement.names) {
    let value: Value = unknown();
    if (module.kind === 'external') value = run.attribute(module, id, frame);
    else if (module.kind === 'module') {
      value = run.moduleAttribute(module.name, id, frame) ?? run.importModule(`${module.name}.${id}`, frame);
      if (value.kind === 'external') value = run.attribute(module, id, frame);
    }
    bindName(alias ?? id, value, frame);
  }
}

function importNamed(run: Run, name: string, frame: Frame, at: number): Value {
  const value = run.importModule(name, frame);
  if (value.kind === 'external') report(run, frame, at, { kind: 'import', name, dynamic: false });
  return value;
}

function absoluteName(run: Run, level: number, module: string, frame: Frame): string {
  if (level === 0) return module;
  const parts = run.packageOf(frame).split('.');
  const base = parts.slice(0, parts.length - (level - 1)).join('.');
  return [base, module].filter((part) => part !== '').join('.');
}

function exportsOf(run: Run, module: string, frame: Frame): Map<string, Value> {
  const names = run.moduleAttribute(module, '*', frame);
  return names?.kind === 'dict' ? names.entries : new Map();
}

/** A module outside the package, by the name under which the catalogue knows it. */
export function outsideModule(name: string): Value {
  if (name === '__builtin__' || name === '__builtins__') return external('builtins');
  const renamed = RENAMED.find(([from]) => name === from || name.startsWith(`${from}.`));
  return external(renamed === undefined ? name : renamed[1] + name.slice(renamed[0].length));
}

const RENAMED: readonly (readonly [string, string])[] = [
  ['six.moves.urllib', 'urllib'],
  ['six.moves.builtins', 'builtins'],
  ['six.moves.http_client', 'http.client'],
  ['future.moves', ''],
  ['Cryptodome', 'Crypto'],
  ['cPickle', 'pickle'],
  ['_pickle', 'pickle'],
  ['importlib_resources', 'importlib.resources'],
  ['posix', 'os'],
  ['nt', 'os'],
  ['_socket', 'socket'],
  ['_io', 'io'],
  ['ujson', 'json'],
  ['simplejson', 'json'],
  ['ntpath', 'os.path'],
  ['posixpath', 'os.path'],
];
