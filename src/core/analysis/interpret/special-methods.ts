import { firstOf, optionsOf, positional, type Value } from '../values/value.ts';
import { bindTo, memberOf } from './attribute.ts';
import type { Frame, Run } from './run.ts';

const OPERATORS = new Map<string, string>([
  ['+', 'add'],
  ['-', 'sub'],
  ['*', 'mul'],
  ['/', 'truediv'],
  ['//', 'floordiv'],
  ['%', 'mod'],
  ['**', 'pow'],
  ['@', 'matmul'],
  ['<<', 'lshift'],
  ['>>', 'rshift'],
  ['&', 'and'],
  ['|', 'or'],
  ['^', 'xor'],
]);

const COMPARISONS = new Map<string, string>([
  ['==', '__eq__'],
  ['!=', '__ne__'],
  ['<', '__lt__'],
  ['<=', '__le__'],
  ['>', '__gt__'],
  ['>=', '__ge__'],
]);

/** Built-in functions that call a method of their argument. */
const BY_BUILTIN = new Map<string, readonly string[]>([
  ['str', ['__str__', '__repr__']],
  ['print', ['__str__', '__repr__']],
  ['repr', ['__repr__']],
  ['format', ['__format__', '__str__']],
  ['ascii', ['__repr__']],
  ['len', ['__len__']],
  ['bool', ['__bool__', '__len__']],
  ['iter', ['__iter__', '__getitem__']],
  ['list', ['__iter__', '__getitem__']],
  ['tuple', ['__iter__', '__getitem__']],
  ['set', ['__iter__', '__getitem__']],
  ['sorted', ['__iter__', '__getitem__']],
  ['sum', ['__iter__', '__radd__']],
  ['next', ['__next__']],
  ['int', ['__int__', '__index__', '__trunc__']],
  ['float', ['__float__']],
  ['bytes', ['__bytes__', '__iter__']],
  ['hash', ['__hash__']],
  ['abs', ['__abs__']],
  ['round', ['__round__']],
  ['reversed', ['__reversed__']],
  ['dir', ['__dir__']],
  ['vars', ['__dict__']],
]);

/**
 * Calls the first of `names` that the class of an object defines, as Python does for operators, loops and conversions.
 * Undefined when the value is no object of the package or has none of them.
 */
export function callSpecial(
  run: Run,
  value: Value,
  names: readonly string[],
  args: readonly Value[],
  frame: Frame,
): Value | undefined {
  if (value.kind !== 'instance' && value.kind !== 'options') return undefined;
  for (const object of optionsOf(value)) {
    if (object.kind !== 'instance') continue;
    for (const name of names) {
      const method = memberOf(object.of, name);
      if (method?.kind === 'function') return run.call(bindTo(object, method), positional(...args), frame, method.at);
      // `__getitem__ = os.system`: what is no function of the package is not bound to the object.
      if (method?.kind === 'external' && !method.path.endsWith(name))
        return run.call(method, positional(...args), frame, object.of.at);
    }
  }
  return undefined;
}

export function callOperator(run: Run, operator: string, left: Value, right: Value, frame: Frame): Value | undefined {
  if (firstOf(left).kind !== 'instance' && firstOf(right).kind !== 'instance') return undefined;
  const name = OPERATORS.get(operator);
  if (name === undefined) return undefined;
  return (
    callSpecial(run, left, [`__${name}__`], [right], frame) ?? callSpecial(run, right, [`__r${name}__`], [left], frame)
  );
}

export function callComparison(run: Run, operator: string, left: Value, right: Value, frame: Frame): void {
  const name = COMPARISONS.get(operator);
  if (name !== undefined) callSpecial(run, left, [name], [right], frame);
  else if (operator.endsWith('in')) callSpecial(run, right, ['__contains__', '__iter__'], [left], frame);
}

/** What `str(object)`, `len(object)` and the like run. */
export function callByBuiltin(run: Run, name: string, args: readonly Value[], frame: Frame): void {
  const methods = BY_BUILTIN.get(name);
  if (methods === undefined) return;
  for (const value of args) if (firstOf(value).kind === 'instance') callSpecial(run, value, methods, [], frame);
}
