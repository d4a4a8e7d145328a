import type { Comprehension, Expr } from '../syntax/ir.ts';
import { itemsOf } from '../values/fold-builtin.ts';
import {
  either,
  external,
  firstOf,
  keyOf,
  MAX_ITEMS,
  taintOf,
  text,
  truthOf,
  unknown,
  type Value,
} from '../values/value.ts';
import { type Frame, type Run, report } from './run.ts';
import { newScope } from './scope.ts';
import { callSpecial } from './special-methods.ts';
import { noteEnvironment } from './whole-environment.ts';

/** Longer literal collections are data (word lists, tables of hosts): their texts count only when they reach a call. */
const DATA_ITEMS = 50;
const MAX_ITERATIONS = 20_000;

/** A list, tuple or set display. */
export function evaluateSequence(run: Run, expr: Extract<Expr, { kind: 'sequence' }>, frame: Frame): Value {
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
  reportSpelledText(run, expr.at, items, frame);
  return { kind: 'list', type: expr.type, items, open, taint: taintOf(items) };
}

const SPELLED_ITEMS = { least: 12, most: 20_000 };
/** What nobody writes down in character codes for its own sake. */
const TELLING = /:\/\/|\bimport |\bexec\b|\beval\b|subprocess|os\.system|powershell|\bcurl /i;

/** A list of character codes that spells an address or code is an encoded text, whoever decodes it and how. */
function reportSpelledText(run: Run, at: number, items: readonly Value[], frame: Frame): void {
  if (items.length < SPELLED_ITEMS.least || items.length > SPELLED_ITEMS.most) return;
  let spelled = '';
  for (const item of items) {
    if (item.kind !== 'number') return;
    const code = Number(item.value);
    if (!(code >= 32 && code < 127) && code !== 9 && code !== 10 && code !== 13) return;
    spelled += String.fromCharCode(code);
  }
  if (!TELLING.test(spelled)) return;
  const size = spelled.length;
  report(run, frame, at, {
    kind: 'decoded',
    how: 'character codes',
    text: spelled,
    program: false,
    media: false,
    size,
  });
}

/** A dict display. */
export function evaluateDict(run: Run, expr: Extract<Expr, { kind: 'dict' }>, frame: Frame): Value {
  const entries = new Map<string, Value>();
  let open = false;
  let taint = 0;
  const isData = expr.pairs.length >= DATA_ITEMS;
  for (const pair of expr.pairs) {
    const value = isData && pair.value.kind === 'text' ? text(pair.value.value) : run.evaluate(pair.value, frame);
    taint |= value.taint;
    if (pair.key === undefined) noteEnvironment(run, frame, pair.value.at, value);
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

/** A comprehension, executed item by item while its iterables are known. */
export function evaluateComprehension(run: Run, expr: Comprehension & { readonly at: number }, frame: Frame): Value {
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
    const given = run.evaluate(clause.iterable, inner);
    const iterable = iterateObject(run, given, inner, clause.iterable.at) ?? given;
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

/** What a loop over an object of the package gives, undefined for anything else. */
export function iterateObject(run: Run, value: Value, frame: Frame, at: number): Value | undefined {
  noteEnvironment(run, frame, at, value);
  const made = callSpecial(run, value, ['__iter__', '__aiter__', '__getitem__'], [], frame);
  const next = made === undefined ? undefined : callSpecial(run, made, ['__next__', '__anext__'], [], frame);
  return next === undefined ? made : { kind: 'list', type: 'list', items: [next], open: true, taint: next.taint };
}
