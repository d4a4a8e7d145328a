import { namesIn } from '../catalogue/roles.ts';
import type { Expr } from '../syntax/ir.ts';
import { itemsOf } from '../values/fold-builtin.ts';
import {
  type CallShape,
  type ClassValue,
  type FunctionValue,
  firstOf,
  list,
  plainText,
  positional,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { dynamicAttribute } from './attribute.ts';
import type { Frame, Run } from './run.ts';
import { newScope } from './scope.ts';

type Site = { readonly run: Run; readonly frame: Frame; readonly at: number };

/**
 * A function that the analysis makes up: what `operator.attrgetter` and its kin return. Its position is below zero and
 * its own, so that no two count as one.
 */
function madeFunction(names: ReadonlyMap<string, Value>, body: Expr, { run, frame }: Site): FunctionValue {
  const scope = newScope('function', newScope('module'));
  for (const [name, value] of names) scope.names.set(name, value);
  return {
    kind: 'function',
    name: '<made>',
    at: -run.steps,
    params: [{ name: 'object' }],
    body,
    scope,
    home: frame.home,
    taint: 0,
  };
}

/** `operator.attrgetter('a.b')`. */
export function attributeGetter(call: CallShape, site: Site): Value {
  const name = plainText(firstOf(call.args[0] ?? unknown()));
  if (name === undefined || name.length > 200) return unknown();
  const { at } = site;
  let body: Expr = { kind: 'name', at, id: 'object' };
  for (const part of name.split('.')) body = { kind: 'attribute', at, object: body, name: part };
  return madeFunction(new Map(), body, site);
}

/** `operator.itemgetter(key)`. */
export function itemGetter(call: CallShape, site: Site): Value {
  const { at } = site;
  const body: Expr = {
    kind: 'subscript',
    at,
    object: { kind: 'name', at, id: 'object' },
    index: { kind: 'name', at, id: 'key' },
  };
  return madeFunction(new Map([['key', call.args[0] ?? unknown()]]), body, site);
}

/** `operator.methodcaller('name', *arguments)`. */
export function methodCaller(call: CallShape, site: Site): Value {
  const name = plainText(firstOf(call.args[0] ?? unknown()));
  if (name === undefined) return unknown();
  const { at } = site;
  const body: Expr = {
    kind: 'call',
    at,
    callee: { kind: 'attribute', at, object: { kind: 'name', at, id: 'object' }, name },
    args: [{ spread: '*', value: { kind: 'name', at, id: 'given' } }],
  };
  return madeFunction(new Map([['given', list([...call.args.slice(1)])]]), body, site);
}

/** `functools.reduce(function, items, first)`. */
export function reduce(call: CallShape, inward: number, { run, frame, at }: Site): Value {
  const [callee, iterable, start] = call.args;
  const items = itemsOf(iterable);
  if (callee === undefined || items === undefined) {
    if (callee !== undefined) run.call(callee, positional(unknown(inward), unknown(inward)), frame, at);
    return unknown(inward);
  }
  let value = start;
  for (const item of items.slice(0, 20_000))
    value = value === undefined ? item : run.call(callee, positional(value, item), { ...frame, looping: 1 }, at);
  return value ?? unknown(inward);
}

/** `sorted(items, key=function)` and `max`, `min`: the function sees every item. */
export function callKey(run: Run, call: CallShape, frame: Frame, at: number): void {
  const key = call.keywords.get('key');
  if (key === undefined) return;
  const items = call.args.length > 1 ? call.args : (itemsOf(call.args[0]) ?? [unknown(call.args[0]?.taint ?? 0)]);
  for (const item of items.slice(0, 20)) run.call(key, positional(item), frame, at);
}

/** `pkgutil.resolve_name('os:system')`. */
export function resolveName(call: CallShape, { run, frame }: Site): Value {
  const [module = '', path = ''] = (plainText(firstOf(call.args[0] ?? unknown())) ?? '').split(':');
  if (module === '') return unknown();
  let value = run.importModule(module, frame);
  for (const part of path.split('.').slice(0, 10))
    if (part !== '') value = dynamicAttribute(run, value, text(part), frame);
  return value;
}

/** `type(name, bases, members)` makes a class, `types.ModuleType` and `SimpleNamespace` an object to put names into. */
export function madeClass(call: CallShape, { run, frame }: Site): ClassValue {
  const scope = newScope('class');
  const members = firstOf(call.args[2] ?? unknown());
  if (members.kind === 'dict')
    for (const [key, value] of members.entries) if (key.startsWith('t:')) scope.names.set(key.slice(2), value);
  const bases = itemsOf(call.args[1]) ?? [];
  return { kind: 'class', name: '<made>', at: -run.steps, bases, scope, home: frame.home, taint: 0 };
}

export function madeObject(call: CallShape, site: Site): Value {
  const of = madeClass(positional(), site);
  return { kind: 'instance', of, attributes: new Map(call.keywords), taint: 0 };
}

/** `dir(module)`: of modules outside only the names that matter here. */
export function dirOf(value: Value): Value {
  const of = firstOf(value);
  if (of.kind === 'class') return namesAsList([...of.scope.names.keys()]);
  if (of.kind !== 'external') return unknown();
  return namesAsList(namesIn(of.path));
}

function namesAsList(names: readonly string[]): Value {
  return { ...list(names.map((name) => text(name))), open: false } as Value;
}
