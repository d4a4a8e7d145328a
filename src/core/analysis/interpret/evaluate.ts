import { isPathVariable } from '../catalogue/paths.ts';
import type { Comprehension, Expr } from '../syntax/ir.ts';
import { itemsOf } from '../values/fold-builtin.ts';
import { foldBinary, foldCompare, foldUnary } from '../values/fold-operator.ts';
import { lookUp } from '../values/format.ts';
import { TAINT } from '../values/taint.ts';
import {
  bool,
  bytes,
  type CallShape,
  either,
  external,
  firstOf,
  HOLE,
  isConstant,
  keyOf,
  list,
  MAX_ITEMS,
  none,
  number,
  optionsOf,
  plainText,
  taintOf,
  text,
  truthOf,
  unknown,
  type Value,
} from '../values/value.ts';
import { type Frame, type Run, report, step } from './run.ts';
import { bindName, lookUpName, newScope } from './scope.ts';
import { noteText } from './texts.ts';

/** Longer literal collections are data (word lists, tables of hosts): their texts count only when they reach a call. */
const DATA_ITEMS = 50;
const MAX_ITERATIONS = 20_000;

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
      return lookUpName(expr.id, frame);
    case 'attribute':
      return run.attribute(run.evaluate(expr.object, frame), expr.name, frame);
    case 'subscript':
      return subscript(run, run.evaluate(expr.object, frame), expr.index, frame);
    case 'call':
      return evaluateCall(run, expr, frame);
    case 'binary':
      return evaluateBinary(run, expr, frame);
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
      const joined = text(parts.map((part) => plainText(firstOf(part)) ?? HOLE).join(''), taintOf(parts));
      if (joined.kind === 'text') noteText(run, frame, expr.at, joined.value);
      return joined;
    }
    case 'comprehension':
      return evaluateComprehension(run, expr, frame);
    case 'lambda':
      return {
        kind: 'function',
        name: '<lambda>',
        at: expr.at,
        params: expr.params,
        body: expr.body,
        scope: frame.scope,
        home: frame.home,
        taint: 0,
      };
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

function evaluateCall(run: Run, expr: Extract<Expr, { kind: 'call' }>, frame: Frame): Value {
  const callee = run.evaluate(expr.callee, frame);
  const args: Value[] = [];
  const keywords = new Map<string, Value>();
  for (const argument of expr.args) {
    const value = run.evaluate(argument.value, frame);
    const plain = firstOf(value);
    if (argument.spread === '**') {
      if (plain.kind === 'dict') for (const [key, each] of plain.entries) keywords.set(key.slice(2), each);
      else keywords.set('**', value);
    } else if (argument.spread === '*') args.push(...(itemsOf(value) ?? [unknown(value.taint)]).slice(0, 50));
    else if (argument.name !== undefined) keywords.set(argument.name, value);
    else args.push(value);
  }
  const result = run.call(callee, { args, keywords }, frame, expr.at);
  if (result.kind === 'text' && frame.looping === 0) noteText(run, frame, expr.at, result.value);
  return result;
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
    value = foldBinary(link.operator, value, run.evaluate(link.right, frame));
  }
  if (value.kind === 'text' && frame.looping === 0) noteText(run, frame, expr.at, value.value);
  return value;
}

function evaluateChoice(run: Run, expr: Extract<Expr, { kind: 'choice' }>, frame: Frame): Value {
  const test = expr.test === undefined ? undefined : truthOf(run.evaluate(expr.test, frame));
  if (test !== undefined && frame.looping > 0) return run.evaluate(expr.options[test ? 0 : 1]!, frame);
  let value: Value | undefined;
  for (const option of expr.options) value = either(value, run.evaluate(option, frame));
  return value ?? unknown();
}

function evaluateCompare(run: Run, expr: Extract<Expr, { kind: 'compare' }>, frame: Frame): Value {
  const operands = expr.operands.map((operand) => run.evaluate(operand, frame));
  let all: boolean | undefined = true;
  for (const [index, operator] of expr.operators.entries()) {
    const holds = foldCompare(operator, operands[index] ?? unknown(), operands[index + 1] ?? unknown());
    if (holds === false) return bool(false);
    if (holds === undefined) all = undefined;
  }
  return all === undefined ? unknown() : bool(all);
}

function evaluateSequence(run: Run, expr: Extract<Expr, { kind: 'sequence' }>, frame: Frame): Value {
  const items: Value[] = [];
  let open = expr.items.length > MAX_ITEMS;
  for (const item of open ? expr.items.slice(0, MAX_ITEMS) : expr.items) {
    const value =
      expr.items.length >= DATA_ITEMS && item.kind === 'text' ? text(item.value) : run.evaluate(item, frame);
    if (item.kind !== 'spread') items.push(value);
    else {
      const spread = itemsOf(value);
      if (spread === undefined) open = true;
      else items.push(...spread.slice(0, 1000));
    }
  }
  return { kind: 'list', type: expr.type, items, open, taint: taintOf(items) };
}

function evaluateDict(run: Run, expr: Extract<Expr, { kind: 'dict' }>, frame: Frame): Value {
  const entries = new Map<string, Value>();
  let open = false;
  let taint = 0;
  const isData = expr.pairs.length >= DATA_ITEMS;
  for (const pair of expr.pairs) {
    const value = isData && pair.value.kind === 'text' ? text(pair.value.value) : run.evaluate(pair.value, frame);
    taint |= value.taint;
    const keyValue =
      pair.key === undefined
        ? undefined
        : isData && pair.key.kind === 'text'
          ? text(pair.key.value)
          : run.evaluate(pair.key, frame);
    const key = keyValue === undefined ? undefined : keyOf(keyValue);
    if (key !== undefined) entries.set(key, value);
    else if (pair.key === undefined && value.kind === 'dict')
      for (const [name, each] of value.entries) entries.set(name, each);
    else open = true;
  }
  return { kind: 'dict', entries, open, taint };
}

function evaluateComprehension(run: Run, expr: Comprehension & { readonly at: number }, frame: Frame): Value {
  const inner: Frame = { ...frame, scope: newScope('function', frame.scope), looping: frame.looping + 1 };
  const items: Value[] = [];
  const entries = new Map<string, Value>();
  let open = false;
  const visit = (index: number): void => {
    const clause = expr.clauses[index];
    if (clause === undefined) {
      const value = run.evaluate(expr.element, inner);
      if (expr.key === undefined) items.push(value);
      else entries.set(keyOf(run.evaluate(expr.key, inner)) ?? '', value);
      return;
    }
    if (clause.kind === 'if') {
      const truth = truthOf(run.evaluate(clause.test, inner));
      if (truth === undefined) open = true;
      if (truth !== false) visit(index + 1);
      return;
    }
    const iterable = run.evaluate(clause.iterable, inner);
    const known = itemsOf(iterable);
    const count = Math.min(known?.length ?? 0, MAX_ITERATIONS);
    if (known === undefined || known.length > count) open = true;
    if (known === undefined) {
      run.assign(clause.target, elementOf(iterable), inner);
      visit(index + 1);
    }
    for (let at = 0; at < count && items.length + entries.size < MAX_ITEMS && run.steps > 0; at++) {
      run.assign(clause.target, known![at]!, inner);
      visit(index + 1);
    }
  };
  visit(0);
  if (expr.type === 'dict') {
    const taint = taintOf(entries.values());
    open ||= entries.delete('');
    return { kind: 'dict', entries, open, taint };
  }
  return { kind: 'list', type: expr.type, items, open, taint: taintOf(items) };
}

/** An item of an iterable that is not fully known. */
export function elementOf(iterable: Value): Value {
  const from = firstOf(iterable);
  if (from.kind === 'list' && from.items.length > 0) {
    let item: Value | undefined;
    for (const each of from.items.slice(0, 4)) item = either(item, each);
    return item ?? unknown(iterable.taint);
  }
  if (from.kind === 'external') return external(`${from.path}[]`, iterable.taint, from.made);
  return unknown(iterable.taint);
}

function subscript(run: Run, objectValue: Value, index: Expr, frame: Frame): Value {
  if (index.kind === 'slice') return slice(run, firstOf(objectValue), index, frame);
  const key = run.evaluate(index, frame);
  let result: Value | undefined;
  for (const object of optionsOf(objectValue)) result = either(result, subscriptOne(run, object, key, frame, index.at));
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
    case 'module':
    case 'instance':
      return plain === undefined ? unknown(object.taint) : run.attribute(object, plain, frame);
    default:
      return unknown(object.taint | key.taint);
  }
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
  if (
    object.path === 'builtins.globals()' ||
    object.path === 'builtins.locals()' ||
    object.path === 'builtins.vars()'
  ) {
    return plain === undefined ? unknown(object.taint) : lookUpName(plain, frame);
  }
  if (object.path === 'sys.argv' || plain === undefined) return unknown(object.taint | key.taint);
  return key.kind === 'text'
    ? run.attribute(object, plain, frame)
    : external(`${object.path}[]`, object.taint, object.made);
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
  const bound = (expr: Expr | undefined): number | undefined | null => {
    if (expr === undefined) return undefined;
    const value = run.evaluate(expr, frame);
    return value.kind === 'number' ? Number(value.value) : value.kind === 'none' ? undefined : null;
  };
  const [start, stop, step] = [bound(index.start), bound(index.stop), bound(index.step) ?? 1];
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

/** Assigns to a name, an attribute, an item or a pattern of them. */
export function assign(run: Run, target: Expr, value: Value, frame: Frame): void {
  switch (target.kind) {
    case 'name':
      bindName(target.id, value, frame);
      return;
    case 'attribute':
      assignAttribute(run.evaluate(target.object, frame), target.name, value);
      return;
    case 'subscript':
      assignItem(run, run.evaluate(target.object, frame), run.evaluate(target.index, frame), value, frame, target.at);
      return;
    case 'sequence': {
      const items = itemsOf(value);
      for (const [index, each] of target.items.entries()) {
        const item =
          each.kind === 'spread'
            ? unknown(value.taint)
            : (items?.[index] ?? (items === undefined ? elementOf(value) : unknown(value.taint)));
        run.assign(each.kind === 'spread' ? each.value : each, item, frame);
      }
      return;
    }
    default:
      return;
  }
}

function assignAttribute(object: Value, name: string, value: Value): void {
  for (const each of optionsOf(object)) {
    if (each.kind === 'instance') each.attributes.set(name, value);
    else if (each.kind === 'class') each.scope.names.set(name, value);
    else if (each.kind === 'external') each.taint |= value.taint;
  }
}

function assignItem(run: Run, object: Value, key: Value, value: Value, frame: Frame, at: number): void {
  for (const each of optionsOf(object)) {
    if (each.kind === 'dict') {
      const name = keyOf(key);
      if (name === undefined) each.open = true;
      else each.entries.set(name, value);
      each.taint |= value.taint;
    } else if (each.kind === 'list') {
      if (key.kind === 'number' && Number(key.value) >= 0 && Number(key.value) < each.items.length)
        each.items[Number(key.value)] = value;
      else each.open ||= key.kind !== 'number';
      each.taint |= value.taint;
    } else if (each.kind === 'external') {
      if (each.path === 'os.environ') {
        report(run, frame, at, {
          kind: 'call',
          role: 'environment-write',
          name: 'os.environ',
          call: { args: [key, value], keywords: new Map() },
          taint: value.taint,
        });
      } else if (each.path === 'builtins.globals()' || each.path === 'builtins.locals()') {
        if (key.kind === 'text') bindName(key.value, value, frame);
      } else each.taint |= value.taint;
    }
  }
}

/** A callee and its arguments without keywords, for calls that the interpreter makes itself. */
export function positional(...args: Value[]): CallShape {
  return { args, keywords: new Map() };
}
