import type { Expr } from '../syntax/ir.ts';
import { itemsOf } from '../values/fold-builtin.ts';
import { keyOf, optionsOf, unknown, type Value } from '../values/value.ts';
import { elementOf } from './collections.ts';
import { type Frame, type Run, report } from './run.ts';
import { bindName } from './scope.ts';

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
