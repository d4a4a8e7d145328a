import type { Expr, Stmt } from '../syntax/ir.ts';
import { itemsOf } from '../values/fold-builtin.ts';
import { foldBinary, foldCompare, foldUnary } from '../values/fold-operator.ts';
import { TAINT } from '../values/taint.ts';
import {
  bool,
  bytes,
  either,
  firstOf,
  HOLE,
  NO_KEYWORDS,
  none,
  number,
  plainText,
  taintOf,
  text,
  truthOf,
  unknown,
  type Value,
} from '../values/value.ts';
import { evaluateComprehension, evaluateDict, evaluateSequence } from './collections.ts';
import { defineLambda } from './define.ts';
import { type Frame, type Run, step } from './run.ts';
import { lookUpName, namesAsDict } from './scope.ts';
import { callByBuiltin, callComparison, callOperator } from './special-methods.ts';
import { subscript } from './subscript.ts';
import { noteText } from './texts.ts';
import { noteEnvironment } from './whole-environment.ts';

/** `struct.pack('900B', *codes)`. */
const MAX_SPREAD = 20_000;

/** Texts and bytes from this length on cost steps: work on them is work by their length. */
const LONG = 65_536;

function charged(run: Run, value: Value): Value {
  if ((value.kind === 'text' || value.kind === 'bytes') && value.value.length >= LONG)
    run.steps -= value.value.length >> 9;
  return value;
}

/** The value of an expression. Never throws; spends one step per node. */
export function evaluate(run: Run, expr: Expr, frame: Frame): Value {
  if (!step(run)) return unknown();
  switch (expr.kind) {
    case 'text':
      noteText(run, frame, expr.at, expr.value);
      return text(expr.value);
    case 'bytes':
      noteText(run, frame, expr.at, expr.value.length < 8_000 ? Buffer.from(expr.value).toString('latin1') : '');
      return bytes(expr.value);
    case 'number':
      return number(expr.value);
    case 'bool':
      return bool(expr.value);
    case 'none':
      return none();
    case 'name':
      return charged(run, lookUp(run, expr.id, frame));
    case 'attribute':
      return run.attribute(run.evaluate(expr.object, frame), expr.name, frame);
    case 'subscript':
      return charged(run, subscript(run, run.evaluate(expr.object, frame), expr.index, frame));
    case 'call':
      return charged(run, evaluateCall(run, expr, frame));
    case 'binary':
      return charged(run, evaluateBinary(run, expr, frame));
    case 'unary':
      return foldUnary(expr.operator, run.evaluate(expr.operand, frame));
    case 'choice':
      return evaluateChoice(run, expr, frame);
    case 'compare':
      return evaluateCompare(run, expr, frame);
    case 'sequence':
      return evaluateSequence(run, expr, frame);
    case 'dict':
      return evaluateDict(run, expr, frame);
    case 'joined': {
      const parts = expr.parts.map((part) => run.evaluate(part, frame));
      callByBuiltin(run, 'format', parts, frame);
      for (const part of parts) noteEnvironment(run, frame, expr.at, part);
      const joined = text(parts.map((part) => plainText(firstOf(part)) ?? HOLE).join(''), taintOf(parts));
      if (joined.kind === 'text' && !isDocument(joined)) noteText(run, frame, expr.at, joined.value);
      return joined;
    }
    case 'comprehension':
      return evaluateComprehension(run, expr, frame);
    case 'lambda':
      return defineLambda(run, expr, frame);
    case 'slice':
      return unknown();
    case 'spread':
    case 'await':
      return run.evaluate(expr.value, frame);
    case 'yield': {
      const value = expr.value === undefined ? none() : run.evaluate(expr.value, frame);
      frame.yielded = [...(frame.yielded ?? []).slice(-1000), value];
      return unknown(value.taint & ~TAINT.parameter);
    }
    case 'named': {
      const value = run.evaluate(expr.value, frame);
      run.assign(expr.target, value, frame);
      return value;
    }
    case 'opaque':
      return unknown(taintOf(expr.parts.map((part) => run.evaluate(part, frame))));
  }
}

/** A name, also one that the package has put among the built-in ones. */
function lookUp(run: Run, id: string, frame: Frame): Value {
  const value = lookUpName(id, frame);
  if (run.replaced.size === 0 || (value.kind !== 'unknown' && value.kind !== 'external')) return value;
  const set = run.replaced.get(`builtins.${id}`);
  return set === undefined ? value : either(value, set);
}

function evaluateCall(run: Run, expr: Extract<Expr, { kind: 'call' }>, frame: Frame): Value {
  const callee = run.evaluate(expr.callee, frame);
  const args: Value[] = [];
  let keywords: Map<string, Value> | undefined;
  for (const argument of expr.args) {
    const given = run.evaluate(argument.value, frame);
    const value = argument.spread === '**' ? namesAsDict(given, frame) : given;
    const plain = firstOf(value);
    if (plain.kind === 'external') noteEnvironment(run, frame, argument.value.at, value);
    if (argument.spread === '**') {
      keywords ??= new Map();
      if (plain.kind === 'dict') for (const [key, each] of plain.entries) keywords.set(key.slice(2), each);
      else keywords.set('**', value);
    } else if (argument.spread === '*') args.push(...(itemsOf(value) ?? [unknown(value.taint)]).slice(0, MAX_SPREAD));
    else if (argument.name !== undefined) {
      keywords ??= new Map();
      keywords.set(argument.name, value);
    } else args.push(value);
  }
  const result = run.call(callee, { args, keywords: keywords ?? NO_KEYWORDS }, frame, expr.at);
  if (result.kind === 'text' && frame.looping === 0 && (result.taint & TAINT.packageFile) === 0)
    noteText(run, frame, expr.at, result.value);
  return result;
}

/** A readme that `setup()` is given names many things that nobody does. */
function isDocument({ value, taint }: Extract<Value, { kind: 'text' }>): boolean {
  return (taint & TAINT.packageFile) !== 0 && value.length > 500;
}

/** Sums lean to the left: walked in a loop, because obfuscators write thousands of terms. */
function evaluateBinary(run: Run, expr: Extract<Expr, { kind: 'binary' }>, frame: Frame): Value {
  const links: Extract<Expr, { kind: 'binary' }>[] = [];
  let base: Expr = expr;
  while (base.kind === 'binary') {
    links.push(base);
    base = base.left;
  }
  let value = run.evaluate(base, frame);
  for (let index = links.length - 1; index >= 0; index--) {
    const link = links[index]!;
    let right = run.evaluate(link.right, frame);
    if (link.operator === '%') {
      const template = plainText(value) ?? '';
      right = namesAsDict(right, frame, (name) => template.includes(`%(${name})`));
    }
    noteEnvironment(run, frame, link.at, value);
    noteEnvironment(run, frame, link.at, right);
    value = callOperator(run, link.operator, value, right, frame) ?? foldBinary(link.operator, value, right);
  }
  if (value.kind === 'text' && frame.looping === 0 && !isDocument(value)) noteText(run, frame, expr.at, value.value);
  return value;
}

function evaluateChoice(run: Run, expr: Extract<Expr, { kind: 'choice' }>, frame: Frame): Value {
  const test = expr.test === undefined ? undefined : truthOf(run.evaluate(expr.test, frame));
  if (test !== undefined && frame.looping > 0) {
    const other = expr.options[test ? 1 : 0]!;
    if (other.kind === 'call') keepForLater(run, other, frame);
    return run.evaluate(expr.options[test ? 0 : 1]!, frame);
  }
  let value: Value | undefined;
  for (const option of expr.options) value = either(value, run.evaluate(option, frame));
  return value ?? unknown();
}

/** See Run.skipped. The statement is made once per expression, so that it is kept once. */
function keepForLater(run: Run, expr: Expr, frame: Frame): void {
  const body = later.get(expr) ?? [{ kind: 'expression', at: expr.at, value: expr }];
  later.set(expr, body);
  if (!run.entered.has(body)) run.skipped.set(body, frame);
}
const later = new WeakMap<Expr, readonly Stmt[]>();

function evaluateCompare(run: Run, expr: Extract<Expr, { kind: 'compare' }>, frame: Frame): Value {
  const operands = expr.operands.map((operand) => run.evaluate(operand, frame));
  let all: boolean | undefined = true;
  for (const [index, operator] of expr.operators.entries()) {
    const left = operands[index] ?? unknown();
    const right = operands[index + 1] ?? unknown();
    callComparison(run, operator, left, right, frame);
    const holds = foldCompare(operator, left, right);
    if (holds === false) return bool(false);
    if (holds === undefined) all = undefined;
  }
  return all === undefined ? unknown() : bool(all);
}
