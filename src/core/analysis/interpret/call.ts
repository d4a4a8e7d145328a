import type { Param, Stmt } from '../syntax/ir.ts';
import { foldMethod } from '../values/fold-method.ts';
import { TAINT } from '../values/taint.ts';
import {
  type CallShape,
  type ClassValue,
  either,
  type FunctionValue,
  firstOf,
  isConstant,
  list,
  none,
  plainText,
  positional,
  type Scope,
  sizeOf,
  taintOf,
  unknown,
  type Value,
} from '../values/value.ts';
import { bindTo, memberOf } from './attribute.ts';
import { callExternal } from './call-external.ts';
import { bodyName } from './function-body.ts';
import { callPathMethod } from './path-method.ts';
import { type Frame, type Run, step } from './run.ts';
import { newScope } from './scope.ts';
import { itemOf } from './subscript.ts';

const MAX_DEPTH = 40;
/** Different arguments with which one function is followed, when they are not constants of a decoder. */
const MAX_RUNS = 6;
const MAX_CONSTANT_RUNS = 400;
/** A run below this many steps is cheap enough to repeat for other constants. */
const CHEAP_RUN = 3000;

const STEPS_PER_ITEM = 1 / 32;

/** Calls each alternative of a callee. Results carry the taint of what went in unless the callee is understood. */
export function callValue(run: Run, callee: Value, call: CallShape, frame: Frame, at: number): Value {
  if (!step(run)) return unknown();
  // Folding a long text or list is more than one step of work.
  let size = callee.kind === 'method' ? sizeOf(callee.receiver) : 0;
  for (const value of call.args) size += sizeOf(value);
  run.steps -= Math.min(run.steps, Math.floor(size * STEPS_PER_ITEM));
  if (callee.kind !== 'options') return callOne(run, callee, call, frame, at);
  let result: Value | undefined;
  for (const each of callee.options) result = either(result, callOne(run, each, call, frame, at));
  return result ?? unknown();
}

function callOne(run: Run, callee: Value, call: CallShape, frame: Frame, at: number): Value {
  switch (callee.kind) {
    case 'external':
      return callExternal(run, callee, call, frame, at);
    case 'function':
      return callFunction(run, callee, call, frame);
    case 'class':
      return instantiate(run, callee, call, frame);
    case 'method':
      if (callee.name === '__getitem__' && call.args[0] !== undefined)
        return itemOf(run, callee.receiver, call.args[0], frame, at);
      return (
        foldMethod(callee.receiver, callee.name, call) ??
        callPathMethod(run, callee.receiver, callee.name, call, frame, at) ??
        unknown(callee.taint | taintOfCall(call))
      );
    case 'instance': {
      const method = memberOf(callee.of, '__call__');
      return method === undefined
        ? unknown(callee.taint | taintOfCall(call))
        : run.call(bindTo(callee, method), call, frame, at);
    }
    default:
      return unknown(callee.taint | taintOfCall(call));
  }
}

/** The taint of all arguments of a call. */
function taintOfCall(call: CallShape): number {
  return taintOf(call.args) | taintOf(call.keywords.values());
}

function callFunction(run: Run, callee: FunctionValue, call: CallShape, frame: Frame): Value {
  const body = bodyName(callee);
  run.reached.add(body);
  const shape = withBound(callee, call);
  const key = `${frame.context}|${body}`;
  const exact = `${key}|${closureOf(run, callee.scope)}|${fingerprint(shape)}`;
  const known = run.results.get(exact);
  if (known !== undefined && callee.self === undefined) return known.value;
  const runs = run.results.get(key) ?? { value: unknown(taintOfCall(shape)), times: 0 };
  const most = isDecoderCall(call) ? MAX_CONSTANT_RUNS : MAX_RUNS;
  if (frame.depth >= MAX_DEPTH || run.active.has(exact) || runs.times >= most)
    return unknown(taintOfCall(call) | runs.value.taint);
  run.active.add(exact);
  const before = run.steps;
  let value: Value;
  try {
    value = runBody(run, callee, shape, frame, body);
  } finally {
    run.active.delete(exact);
  }
  run.results.set(exact, { value, times: 1 });
  run.results.set(key, { value, times: runs.times + (before - run.steps > CHEAP_RUN ? 100 : 1) });
  return value;
}

/** With the object that a method belongs to, and the arguments of functools.partial. */
function withBound({ self, bound }: FunctionValue, call: CallShape): CallShape {
  if (self === undefined && bound === undefined) return call;
  const first = self === undefined ? [] : [self];
  if (bound === undefined) return { args: [...first, ...call.args], keywords: call.keywords };
  return {
    args: [...first, ...bound.args, ...call.args],
    keywords: new Map([...bound.keywords, ...call.keywords]),
  };
}

/** Functions made by one definition differ by the variables around them. */
function closureOf(run: Run, scope: Scope): string {
  if (scope.kind !== 'function') return '';
  const known = run.closures.get(scope) ?? `${run.closures.size}`;
  run.closures.set(scope, known);
  return known;
}

function isDecoderCall(call: CallShape): boolean {
  return call.args.length > 0 && call.keywords.size === 0 && call.args.every(isConstant);
}

function runBody(run: Run, callee: FunctionValue, call: CallShape, frame: Frame, body: string): Value {
  const scope = newScope('function', callee.scope);
  const inner: Frame = {
    scope,
    home: callee.home,
    context: frame.context,
    depth: frame.depth + 1,
    body,
    returned: undefined,
    yielded: undefined,
    uncertain: 0,
    // With constants only, tests are followed exactly, or recursive decoders could not be.
    looping: isDecoderCall(call) ? 1 : 0,
    undecided: 0,
  };
  bindParams(run, callee.params, call, scope, inner);
  if (!isBlock(callee.body)) return run.evaluate(callee.body, inner);
  run.execute(callee.body, inner);
  if (inner.yielded !== undefined) return list(inner.yielded, 0);
  return inner.returned ?? none();
}

function isBlock(body: FunctionValue['body']): body is readonly Stmt[] {
  return !('kind' in body);
}

function bindParams(run: Run, params: readonly Param[], call: CallShape, scope: Scope, frame: Frame): void {
  let next = 0;
  for (const param of params) {
    if (param.spread === '*') {
      scope.names.set(param.name, list(call.args.slice(next), 0, 'tuple'));
      next = call.args.length;
    } else if (param.spread === '**') {
      const entries = new Map([...call.keywords].map(([name, value]) => [`t:${name}`, value]));
      scope.names.set(param.name, { kind: 'dict', entries, open: false, taint: taintOf(entries.values()) });
    } else {
      const given = call.keywords.get(param.name) ?? call.args[next];
      if (!call.keywords.has(param.name)) next++;
      scope.names.set(
        param.name,
        withSecret(param.name, given) ??
          (param.value === undefined ? unknown(call.keywords.get('**')?.taint ?? 0) : run.evaluate(param.value, frame)),
      );
    }
  }
}

/** What unlocks a wallet or signs in the name of its owner: no service needs it from a client. */
const SECRET_NAME =
  /mnemonic|(?:seed|recovery|secret|pass)_?phrase|(?:private|priv|wallet)_?key|secret_?key_?bytes|^(?:seed|wif|keypair|signer)$/i;

/** An argument of a caller that nobody knows, marked when the parameter's name says that it is a secret of the caller. */
function withSecret(name: string, given: Value | undefined): Value | undefined {
  if (given?.kind !== 'unknown' || (given.taint & TAINT.parameter) === 0 || !SECRET_NAME.test(name)) return given;
  return unknown(given.taint | TAINT.secretArgument);
}

/** A short text that differs when a function could behave differently. */
function fingerprint(call: CallShape): string {
  let print = '';
  for (const name of call.keywords.keys()) print += `${name},`;
  print += '(';
  for (const value of call.args) print += `${fingerprintOf(value)};`;
  for (const value of call.keywords.values()) print += `${fingerprintOf(value)};`;
  return print;
}

function fingerprintOf(value: Value): string {
  const from = firstOf(value);
  if (from.kind === 'function' || from.kind === 'class') return `f${bodyName(from)}`;
  if (from.kind === 'external') return `e${from.path}:${value.taint}`;
  const plain = plainText(from);
  if (plain !== undefined)
    return `${from.kind}:${value.taint}:${plain.length}:${plain.length > 400 ? `${plain.slice(0, 200)}${plain.slice(-200)}` : plain}`;
  if (from.kind !== 'list') return `${from.kind}:${value.taint}`;
  const items = from.items.slice(0, 8).map((each) => plainText(each) ?? each.kind);
  return `${from.kind}:${value.taint}:${from.items.length}:${items.join(',').slice(0, 200)}`;
}

function instantiate(run: Run, type: ClassValue, call: CallShape, frame: Frame): Value {
  run.reached.add(bodyName(type));
  const instance = {
    kind: 'instance',
    of: type,
    attributes: new Map(),
    taint: taintOfCall(call) & ~TAINT.parameter,
  } as const satisfies Value;
  const meta = type.metaclass === undefined ? undefined : memberOf(type.metaclass, '__call__');
  if (meta?.kind === 'function') run.call({ ...meta, self: type }, call, frame, type.at);
  const made = memberOf(type, '__new__');
  if (made?.kind === 'function') run.call({ ...made, self: type }, call, frame, type.at);
  const start = memberOf(type, '__init__');
  if (start?.kind === 'function') run.call(bindTo(instance, start), call, frame, type.at);
  else if (start?.kind === 'external') {
    // A subclass of a class outside: its constructor may be the sink (Thread, HTTPConnection).
    const target = memberOf(type, 'run');
    if (target?.kind === 'function' && /^threading\.(Thread|Timer)\(\)/.test(start.path))
      run.call(bindTo(instance, target), positional(), frame, type.at);
  }
  for (const name of ['__post_init__', '__del__']) {
    const hook = memberOf(type, name);
    if (hook?.kind === 'function') run.call(bindTo(instance, hook), positional(), frame, type.at);
  }
  return instance;
}
