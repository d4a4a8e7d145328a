import type { Context } from '../fact.ts';
import { CONTEXTS } from '../fact.ts';
import { importLines } from '../syntax/import-lines.ts';
import type { Module } from '../syntax/ir.ts';
import { isRelevant, offersName } from '../syntax/relevance.ts';
import { sourceShapes } from '../syntax/source-shapes.ts';
import { decodePythonSource } from '../syntax/source-text.ts';
import type { Home, Scope, Value } from '../values/value.ts';
import { outsideModule } from './imports.ts';
import { type Frame, type Run, report, step } from './run.ts';
import { bindDoc, newScope } from './scope.ts';

/** A Python file of the package. */
export type PackageModule = {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isPackage: boolean;
  readonly alwaysRead: boolean;
};

type Loaded = { readonly scope: Scope; readonly home: Home; readonly module: Module };
type State = {
  readonly file: PackageModule;
  loaded?: Loaded;
  text?: string | undefined;
  imports?: readonly string[];
  /** Those of `imports` that lead to other modules of the package. */
  ways?: readonly Way[];
  /** Names that the text was searched for in vain: see `readmit`. */
  readonly notOffered: Set<string>;
  relevant?: boolean;
  rank: number;
};

/** A name that a module imports from another one; `*` stands for all. */
type Way = { readonly from: string; readonly id: string };

/** The package's modules: read when first needed, executed once per stronger context. */
export type ModuleTable = {
  /** Executes the body of a module unless it already ran in an equal or stronger context. */
  executeModule(run: Run, name: string, context: Context, asMain?: boolean): void;
  /** Executes a file of the package as a program of its own: known by the end of its path, the shallowest of several. */
  startModule(run: Run, file: string, context: Context): void;
  importModule(run: Run, name: string, frame: Frame): Value;
  attribute(run: Run, module: string, name: string, frame: Frame): Value | undefined;
  /** What code of another module puts into this one. */
  setAttribute(run: Run, module: string, name: string, value: Value): void;
  packageOf(module: string): string;
  names(): readonly string[];
};

const NOT_RUN = CONTEXTS.length;
const MAX_IMPORT_DEPTH = 60;
/** Modules that one name is looked for in, beyond the one it was asked of. */
const MAX_ASKED = 100;
/** A payload cut over several modules is small, and so are they; honest tables are not worth their cost. */
const MAX_READMITTED_BYTES = 10_000;
const MAX_READMISSIONS = 40;

export function createModuleTable(files: readonly PackageModule[]): ModuleTable {
  const states = new Map<string, State>();
  for (const file of files) {
    // Of two files with one name Python imports the package; the other one still runs when it is started.
    const known = states.get(file.name);
    const isShadowed = known !== undefined && !(file.isPackage && !known.file.isPackage);
    if (known !== undefined && !isShadowed) states.set(known.file.path, known);
    states.set(isShadowed ? file.path : file.name, { file, rank: NOT_RUN, notOffered: new Set() });
  }

  /** Names above a module that have no file of their own: namespace packages. */
  const parents = new Set<string>();
  for (const name of states.keys())
    for (let at = name.indexOf('.'); at !== -1; at = name.indexOf('.', at + 1)) parents.add(name.slice(0, at));

  /** Imports beyond the depth that the stack allows; they run when the chain above them has returned. */
  const tooDeep: { readonly name: string; readonly context: Context }[] = [];

  function textOf(state: State): string {
    state.text ??= decodePythonSource(state.file.bytes);
    return state.text;
  }

  function isWanted(state: State): boolean {
    state.relevant ??= state.file.alwaysRead || isRelevant(textOf(state));
    return state.relevant;
  }

  function load(run: Run, state: State, asMain: boolean): Loaded {
    if (state.loaded !== undefined) return state.loaded;
    const module = run.parser.parse(textOf(state));
    const outline = module.body.map((each) => ({
      at: each.at,
      name: each.kind === 'function' || each.kind === 'class' ? each.name : '',
    }));
    const home: Home = {
      module: asMain ? '__main__' : state.file.name,
      path: state.file.path,
      text: module.text,
      layer: 0,
      outline,
    };
    state.loaded = { scope: newScope('module'), home, module };
    return state.loaded;
  }

  function executeModule(run: Run, name: string, context: Context, asMain = false, depth = 0): void {
    const state = states.get(name);
    const rank = CONTEXTS.indexOf(context);
    if (state === undefined || state.rank <= rank) return;
    const parent = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : undefined;
    if (parent !== undefined && !asMain) executeModule(run, parent, context, false, depth + 1);
    if (state.rank <= rank) return;
    if (depth > MAX_IMPORT_DEPTH) {
      tooDeep.push({ name, context });
      return;
    }
    state.rank = rank;
    if (!isWanted(state)) {
      followImports(run, state, context, depth);
      return;
    }
    const { scope, home, module } = load(run, state, asMain);
    scope.names.clear();
    bindDoc(module.body, scope);
    const frame: Frame = {
      scope,
      home,
      context,
      depth: 0,
      body: `${home.path}|module`,
      returned: undefined,
      yielded: undefined,
      uncertain: 0,
      looping: 0,
      undecided: 0,
    };
    for (const shape of sourceShapes(module))
      report(run, frame, shape.at, { kind: 'source', shape: shape.shape, text: shape.text });
    for (const limit of module.limits) report(run, frame, 0, { kind: 'limit', what: limit });
    run.execute(module.body, frame);
  }

  /** The full names that a module imports by its lines. */
  function importsOf(state: State): readonly string[] {
    if (state.imports !== undefined) return state.imports;
    const base = packageOf(state.file.name).split('.');
    state.imports = importLines(textOf(state)).map(({ level, name }) =>
      level === 0 ? name : [...base.slice(0, base.length - level + 1), name].filter((part) => part !== '').join('.'),
    );
    // Nobody asks a large module without anything to look for again: see `readmit`.
    if (state.relevant === false && state.file.bytes.length > MAX_READMITTED_BYTES) state.text = undefined;
    return state.imports;
  }

  function waysOf(state: State): readonly Way[] {
    state.ways ??= importsOf(state)
      .map((full) => {
        const end = full.lastIndexOf('.');
        return { from: full.slice(0, end), id: full.slice(end + 1) };
      })
      .filter(({ from }) => from !== '' && states.has(from));
    return state.ways;
  }

  /** A module without anything to look for still passes its context on to what it imports. */
  function followImports(run: Run, state: State, context: Context, depth: number): void {
    for (const full of importsOf(state)) {
      for (let part = full; part !== ''; part = part.includes('.') ? part.slice(0, part.lastIndexOf('.')) : '') {
        if (states.has(part)) {
          executeModule(run, part, context, false, depth + 1);
          break;
        }
      }
    }
  }

  function packageOf(name: string): string {
    return states.get(name)?.file.isPackage ? name : name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  }

  function importModule(run: Run, name: string, frame: Frame): Value {
    if (!states.has(name)) return parents.has(name) ? { kind: 'module', name, taint: 0 } : outsideModule(name);
    if (frame.context !== 'call' || states.get(name)?.rank === NOT_RUN)
      executeModule(run, name, frame.context === 'call' ? 'entry' : frame.context, false, frame.depth);
    return { kind: 'module', name, taint: 0 };
  }

  let readmissions = MAX_READMISSIONS;

  /** A module that was not worth parsing may hold what another one asks it for. */
  function readmit(run: Run, module: string, state: State, name: string): void {
    if (state.relevant !== false || state.rank === NOT_RUN || readmissions === 0) return;
    if (state.file.bytes.length > MAX_READMITTED_BYTES || state.notOffered.has(name)) return;
    if (!offersName(textOf(state), name)) {
      state.notOffered.add(name);
      return;
    }
    readmissions--;
    const context = CONTEXTS[state.rank]!;
    state.relevant = true;
    state.rank = NOT_RUN;
    executeModule(run, module, context);
  }

  /** Packages that pass names on through each other have more ways than anyone can walk: each module is asked once. */
  function isFirstAsked(run: Run, asked: Set<string>, state: State, name: string): boolean {
    const key = `${state.file.path}|${name}`;
    if (asked.has(key) || asked.size >= MAX_ASKED || !step(run)) return false;
    asked.add(key);
    return true;
  }

  /** A name that a module without anything to look for has imported itself. */
  function passedOn(run: Run, state: State, name: string, frame: Frame, asked: Set<string>): Value | undefined {
    if (state.relevant !== false || !isFirstAsked(run, asked, state, name)) return undefined;
    for (const { from, id } of waysOf(state)) {
      if (id !== '*' && id !== name) continue;
      const found = attribute(run, from, name, frame, asked);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What `from module import *` binds. */
  function exportsOf(run: Run, state: State, frame: Frame, asked: Set<string>): Map<string, Value> {
    const names = new Map(state.loaded?.scope.names);
    if (state.relevant !== false || !isFirstAsked(run, asked, state, '*')) return names;
    for (const { from, id } of waysOf(state)) {
      const found = attribute(run, from, id, frame, asked);
      if (id === '*' && found?.kind === 'dict') for (const [each, value] of found.entries) names.set(each, value);
      else if (found !== undefined) names.set(id, found);
    }
    return names;
  }

  function attribute(
    run: Run,
    module: string,
    name: string,
    frame: Frame,
    asked = new Set<string>(),
  ): Value | undefined {
    const state = states.get(module);
    const child = `${module}.${name}`;
    if (state !== undefined) readmit(run, module, state, name);
    if (state === undefined) return states.has(child) ? importModule(run, child, frame) : undefined;
    if (name === '*') return { kind: 'dict', entries: exportsOf(run, state, frame, asked), open: false, taint: 0 };
    return (
      state.loaded?.scope.names.get(name) ??
      (states.has(child) ? importModule(run, child, frame) : passedOn(run, state, name, frame, asked))
    );
  }

  function setAttribute(run: Run, module: string, name: string, value: Value): void {
    const state = states.get(module);
    if (state !== undefined) load(run, state, false).scope.names.set(name, value);
  }

  function startModule(run: Run, file: string, context: Context): void {
    const ends = `/${file}`;
    const [first] = [...states]
      .filter(([name, state]) => name !== 'setup' && `/${state.file.path}`.endsWith(ends))
      .sort(([, a], [, b]) => a.file.path.split('/').length - b.file.path.split('/').length);
    if (first !== undefined) executeModule(run, first[0], context, true);
  }

  return {
    setAttribute,
    startModule,
    executeModule: (run, name, context, asMain) => {
      executeModule(run, name, context, asMain);
      for (let next = tooDeep.pop(); next !== undefined; next = tooDeep.pop())
        executeModule(run, next.name, next.context);
    },
    importModule,
    attribute: (run, module, name, frame) => attribute(run, module, name, frame),
    packageOf,
    names: () => [...states.keys()],
  };
}
