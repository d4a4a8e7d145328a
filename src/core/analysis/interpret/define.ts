import { roleOf } from '../catalogue/roles.ts';
import type { ClassDef, Expr, FunctionDef, Param } from '../syntax/ir.ts';
import {
  type ClassValue,
  external,
  type FunctionValue,
  firstOf,
  optionsOf,
  positional,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { memberOf } from './attribute.ts';
import { bodyName } from './function-body.ts';
import type { Frame, Run } from './run.ts';
import { bindDoc, bindName, newScope } from './scope.ts';
import { callSpecial } from './special-methods.ts';

/** Binds a function. Its decorators, the defaults of its parameters and its annotations run at once. */
export function defineFunction(run: Run, definition: FunctionDef, frame: Frame): void {
  for (const annotation of definition.annotations) run.evaluate(annotation, frame);
  evaluateDefaults(run, definition.params, frame);
  const value: FunctionValue = {
    kind: 'function',
    name: definition.name,
    at: definition.at,
    params: definition.params,
    body: definition.body,
    scope: frame.scope,
    home: frame.home,
    taint: 0,
  };
  run.definitions.set(bodyName(value), { value, frame });
  bindName(definition.name, decorate(run, value, definition.decorators, frame), frame);
}

/** A lambda: known to the run like a function, so that one which nobody calls is looked at too. */
export function defineLambda(run: Run, expr: Extract<Expr, { kind: 'lambda' }>, frame: Frame): Value {
  evaluateDefaults(run, expr.params, frame);
  const { at, params, body } = expr;
  const value: FunctionValue = {
    kind: 'function',
    name: '<lambda>',
    at,
    params,
    body,
    scope: frame.scope,
    home: frame.home,
    taint: 0,
  };
  run.definitions.set(bodyName(value), { value, frame });
  return value;
}

/** Only defaults that do something: constants are read when the function is called. */
function evaluateDefaults(run: Run, params: readonly Param[], frame: Frame): void {
  for (const { value } of params) if (value?.kind === 'call' || value?.kind === 'choice') run.evaluate(value, frame);
}

const BINDINGS = new Map<string, FunctionValue['binding']>([
  ['builtins.property', 'property'],
  ['functools.cached_property', 'property'],
  ['abc.abstractproperty', 'property'],
  ['builtins.classmethod', 'class'],
  ['builtins.staticmethod', 'static'],
]);

/** `property(f)` and its kin, as a call or as a decorator: the function, marked; undefined for anything else. */
export function withBinding(path: string, value: Value): Value | undefined {
  const binding = BINDINGS.get(path);
  return binding !== undefined && value.kind === 'function' ? { ...value, binding } : undefined;
}

/** Decorators run at once. One of the package may replace what it decorates; one from outside keeps it. */
function decorate(run: Run, value: Value, decorators: readonly Expr[], frame: Frame): Value {
  let decorated = value;
  for (const decorator of [...decorators].reverse()) {
    const by = firstOf(run.evaluate(decorator, frame));
    if (by.kind === 'external') decorated = decorateOutside(run, by.path, by, decorated, frame, decorator.at);
    else if (by.kind === 'function' || by.kind === 'class' || by.kind === 'instance') {
      const result = run.call(by, positional(decorated), frame, decorator.at);
      if (optionsOf(result).some((each) => each.kind !== 'unknown' && each.kind !== 'none')) decorated = result;
    }
  }
  return decorated;
}

/** `@exec`, `@atexit.register`: outside functions with an effect are called; all others only mark the function. */
function decorateOutside(run: Run, path: string, by: Value, decorated: Value, frame: Frame, at: number): Value {
  const bound = withBinding(path, decorated);
  if (bound !== undefined) return bound;
  const role = roleOf(path);
  if (role === undefined && path !== 'asyncio.run') return decorated;
  const result = run.call(by, positional(decorated), frame, at);
  return decorated.kind === 'function' ? decorated : result;
}

export function defineClass(run: Run, definition: ClassDef, frame: Frame): void {
  const bases = definition.bases
    .filter((base) => base.name === undefined)
    .map((base) => run.evaluate(base.value, frame));
  const keywords = new Map(
    definition.bases.flatMap((base) =>
      base.name === undefined ? [] : [[base.name, run.evaluate(base.value, frame)] as const],
    ),
  );
  const scope = newScope('class', frame.scope);
  const meta = firstOf(keywords.get('metaclass') ?? inheritedMetaclass(bases) ?? unknown());
  const value: ClassValue = {
    kind: 'class',
    name: definition.name,
    at: definition.at,
    bases: bases.map((base) => (base.kind === 'unknown' ? external('builtins.object') : firstOf(base))),
    ...(meta.kind === 'class' && { metaclass: meta }),
    scope,
    home: frame.home,
    taint: 0,
  };
  run.definitions.set(bodyName(value), { value, frame });
  bindDoc(definition.body, scope);
  run.execute(definition.body, { ...frame, scope, returned: undefined, yielded: undefined, uncertain: 0 });
  bindName(definition.name, value, frame);
  runClassHooks(run, value, meta, frame);
  const decorated = decorate(run, value, definition.decorators, frame);
  if (optionsOf(decorated).some((each) => each.kind === 'class' || each.kind === 'function'))
    bindName(definition.name, decorated, frame);
}

function inheritedMetaclass(bases: readonly Value[]): ClassValue | undefined {
  for (const base of bases.flatMap(optionsOf))
    if (base.kind === 'class' && base.metaclass !== undefined) return base.metaclass;
  return undefined;
}

/** What Python calls while it makes a class: the metaclass, `__set_name__` of members, `__init_subclass__` of bases. */
function runClassHooks(run: Run, type: ClassValue, meta: Value, frame: Frame): void {
  const given = [text(type.name), unknown(), unknown()];
  if (meta.kind === 'function' || (meta.kind === 'external' && roleOf(meta.path) !== undefined))
    run.call(meta, positional(...given), frame, type.at);
  else if (meta.kind === 'class') {
    for (const name of ['__prepare__', '__new__', '__init__']) {
      const method = meta.scope.names.get(name);
      if (method?.kind === 'function')
        run.call({ ...method, self: name === '__init__' ? type : meta }, positional(...given), frame, type.at);
    }
  }
  for (const member of type.scope.names.values())
    if (member.kind === 'instance') callSpecial(run, member, ['__set_name__'], [type, unknown()], frame);
  for (const base of type.bases.flatMap(optionsOf)) {
    const hook = base.kind === 'class' ? memberOf(base, '__init_subclass__') : undefined;
    if (hook?.kind === 'function') run.call({ ...hook, self: type }, positional(), frame, type.at);
  }
}
