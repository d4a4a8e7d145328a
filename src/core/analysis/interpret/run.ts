import type { EntryPoint } from '../declared-entries.ts';
import type { Context, Fact, LayerKind, Place } from '../fact.ts';
import type { PackageFile } from '../package-file.ts';
import type { Expr, Stmt } from '../syntax/ir.ts';
import type { PythonParser } from '../syntax/parser.ts';
import type { CallShape, ClassValue, FunctionValue, Home, Scope, Value } from '../values/value.ts';
import type { PackageData } from './package-data.ts';

/** How a block of statements ended, when that is certain. */
export type Completion = 'normal' | 'return' | 'break' | 'continue';

/** One activation of a body. */
export type Frame = {
  readonly scope: Scope;
  readonly home: Home;
  readonly context: Context;
  /** Calls around this one. */
  readonly depth: number;
  /** Names the body, for rules about things that happen side by side. */
  readonly body: string;
  returned: Value | undefined;
  yielded: Value[] | undefined;
  /** Above zero while the code may or may not run: names then keep their old value as an option. */
  uncertain: number;
  /** Above zero inside a loop or comprehension that is executed item by item. */
  looping: number;
  /** How many branches of this body ran although nobody knows whether they are taken. */
  undecided: number;
};

/** A definition met while executing; those that nothing reached are called last, with unknown arguments. */
export type Definition = FunctionValue | ClassValue;

/** Everything that one analysis carries along. The functions are the parts of the interpreter, which call each other through it. */
export type Run = {
  readonly parser: PythonParser;
  readonly facts: Fact[];
  readonly seen: Map<string, number>;
  readonly definitions: Map<string, { readonly value: Definition; readonly frame: Frame }>;
  readonly reached: Set<string>;
  readonly results: Map<string, { value: Value; times: number }>;
  /** Names for the variables around functions, which tell functions of one definition apart. */
  readonly closures: Map<Scope, string>;
  readonly active: Set<string>;
  readonly layers: Set<string>;
  /** Scripts of the package that are no Python, by file name in small letters. */
  readonly scripts: ReadonlyMap<string, PackageFile>;
  readonly data: PackageData;
  /** Bodies under `if __name__ == '__main__'`, which run when the file is started by hand. */
  readonly guarded: { readonly body: readonly Stmt[]; readonly frame: Frame }[];
  /** Those that `setup()` declares. */
  readonly entryPoints: EntryPoint[];
  /** The arguments of every call of `setup()`. */
  readonly setups: CallShape[];
  /** Taint of what was written under a constant path. */
  readonly written: Map<string, number>;
  /** Text that was written to a constant path so far, and in how many parts. */
  readonly writtenText: Map<string, { readonly text: string; readonly parts: number }>;
  /** What the package has put into modules outside of it, by path: `builtins.print`. */
  readonly replaced: Map<string, Value>;
  /** Code that a known test kept from running; run after all if nothing else reaches it, because tests can be rigged. */
  readonly skipped: Map<readonly Stmt[], Frame>;
  readonly entered: Set<readonly Stmt[]>;
  /** Steps left; one expression or statement is one step. */
  steps: number;
  /** Names of limits that left something unread. */
  readonly limits: Set<string>;
  evaluate(expr: Expr, frame: Frame): Value;
  execute(body: readonly Stmt[], frame: Frame): Completion;
  assign(target: Expr, value: Value, frame: Frame): void;
  call(callee: Value, call: CallShape, frame: Frame, at: number): Value;
  attribute(object: Value, name: string, frame: Frame): Value;
  /** Runs a text as code in the frame's scope. */
  runText(source: string, how: LayerKind, decoded: boolean, frame: Frame, at: number): Value;
  /** Runs a file of the package as a program: see the module table. */
  startModule(file: string, context: Context): void;
  importModule(name: string, frame: Frame): Value;
  moduleAttribute(module: string, name: string, frame: Frame): Value | undefined;
  setModuleAttribute(module: string, name: string, value: Value): void;
  /** The module in which relative imports of `frame` start. */
  packageOf(frame: Frame): string;
};

const MAX_REPEATS = 6;

/** Spends one step; false when none are left. */
export function step(run: Run): boolean {
  if (run.steps <= 0) return false;
  run.steps--;
  return true;
}

/** The place of an offset of the code that runs in `frame`. */
export function placeOf(frame: Frame, at: number): Place {
  const { home } = frame;
  const line = home.anchor?.line ?? lineAt(home, at);
  const unit = frame.context !== 'call' ? home.path : (home.anchor?.unit ?? `${home.path}#${nameAround(home, at)}`);
  const decodedLayer = home.anchor?.decoded ?? false;
  return { context: frame.context, file: home.path, line, unit, layer: home.layer, decodedLayer, scope: frame.body };
}

/** The 1-based line of an offset. */
function lineAt(home: Home, at: number): number {
  let starts = lineStarts.get(home);
  if (starts === undefined) {
    starts = [0];
    for (let next = home.text.indexOf('\n'); next !== -1; next = home.text.indexOf('\n', next + 1))
      starts.push(next + 1);
    lineStarts.set(home, starts);
  }
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
const lineStarts = new WeakMap<Home, number[]>();

function nameAround(home: Home, at: number): string {
  let low = 0;
  let high = home.outline.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (home.outline[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return home.outline[low - 1]?.name ?? '';
}

type Unplaced = Fact extends infer F ? (F extends Fact ? Omit<F, 'place'> : never) : never;

/** Records a fact once per place and content. */
export function report(run: Run, frame: Frame, at: number, fact: Unplaced): void {
  const spot = `${frame.context}|${frame.home.path}|${frame.home.layer}|${frame.home.anchor?.line ?? ''}|${at}|${fact.kind}`;
  const times = run.seen.get(spot) ?? 0;
  if (times >= MAX_REPEATS) return;
  const key = `${spot}|${signature(fact)}`;
  if (run.seen.has(key)) return;
  run.seen.set(spot, times + 1);
  run.seen.set(key, 1);
  run.facts.push({ ...fact, place: placeOf(frame, at) } as Fact);
}

function signature(fact: Unplaced): string {
  switch (fact.kind) {
    case 'call': {
      const [first] = fact.call.args;
      return `${fact.name}|${fact.taint}|${first?.kind === 'text' ? first.value.slice(0, 120) : (first?.kind ?? '')}`;
    }
    case 'text':
    case 'layer':
    case 'source':
      return fact.text.slice(0, 200);
    case 'decoded':
      return `${fact.how}|${fact.text.slice(0, 200)}`;
    case 'import':
      return fact.name;
    default:
      return '';
  }
}
