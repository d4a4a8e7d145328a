import type { Expr } from '../syntax/ir.ts';
import { itemsOf } from '../values/fold-builtin.ts';
import { external, firstOf, keyOf, list, optionsOf, positional, unknown, type Value } from '../values/value.ts';
import { elementOf } from './collections.ts';
import { unknownArguments } from './function-body.ts';
import { type Frame, type Run, report } from './run.ts';
import { bindName } from './scope.ts';

/** Assigns to a name, an attribute, an item or a pattern of them. */
export function assign(run: Run, target: Expr, value: Value, frame: Frame): void {
  switch (target.kind) {
    case 'name':
      bindName(target.id, value, frame);
      return;
    case 'attribute':
      assignAttribute(run, run.evaluate(target.object, frame), target.name, value, frame, target.at);
      return;
    case 'subscript':
      assignItem(run, run.evaluate(target.object, frame), run.evaluate(target.index, frame), value, frame, target.at);
      return;
    case 'sequence': {
      const items = itemsOf(value);
      const starred = target.items.findIndex((each) => each.kind === 'spread');
      for (const [index, each] of target.items.entries()) {
        if (each.kind === 'spread') {
          const rest = items?.slice(index, items.length - (target.items.length - 1 - index));
          run.assign(each.value, rest === undefined ? unknown(value.taint) : list(rest), frame);
          continue;
        }
        // What stands behind the starred name counts from the end.
        const from = starred >= 0 && index > starred ? (items?.length ?? 0) - target.items.length : 0;
        const item = items?.[index + from] ?? (items === undefined ? elementOf(value) : unknown(value.taint));
        run.assign(each, item, frame);
      }
      return;
    }
    default:
      return;
  }
}

function assignAttribute(run: Run, object: Value, name: string, value: Value, frame: Frame, at: number): void {
  for (const each of optionsOf(object)) {
    if (each.kind === 'instance') each.attributes.set(name, value);
    else if (each.kind === 'class') each.scope.names.set(name, value);
    else if (each.kind === 'module') run.setModuleAttribute(each.name, name, value);
    else if (each.kind === 'function' && name === '__code__')
      run.call(external('builtins.exec'), positional(value), frame, at);
    else if (each.kind === 'external') {
      each.taint |= value.taint;
      replaceOutside(run, `${each.path}.${name}`, value, frame, at);
    }
  }
}

/** `builtins.print = mine`, `requests.Session.send = mine`: what is put there runs as soon as others use it. */
function replaceOutside(run: Run, path: string, value: Value, frame: Frame, at: number): void {
  const first = firstOf(value);
  if (first.kind === 'function' && /^[a-z_]\w*(?:\.\w+)+$/i.test(path)) {
    report(run, frame, at, { kind: 'call', role: 'patch', name: path, call: positional(first), taint: 0 });
    if (frame.context !== 'call') run.call(first, unknownArguments(first), frame, at);
  }
  if (!/^(?:sys|builtins)\.\w+$/.test(path)) return;
  if (first.kind !== 'function' && first.kind !== 'external') return;
  run.replaced.set(path, first);
  if (first.kind === 'function' && frame.context === 'call') run.call(first, unknownArguments(first), frame, at);
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
      } else if (/^builtins\.(?:globals|locals|vars)\(\)$/.test(each.path)) {
        if (key.kind === 'text') bindName(key.value, value, frame);
      } else each.taint |= value.taint;
    }
  }
}
