import type { EntryPoint } from '../declared-entries.ts';
import type { Context, Fact } from '../fact.ts';
import type { PackageLayout } from '../package-layout.ts';
import type { PythonParser } from '../syntax/parser.ts';
import { decodePythonSource } from '../syntax/source-text.ts';
import { TAINT } from '../values/taint.ts';
import { type ClassValue, firstOf, type Home, positional, unknown } from '../values/value.ts';
import { assign } from './assign.ts';
import { attributeOf, bindTo } from './attribute.ts';
import { besidePackages } from './beside-packages.ts';
import { callValue } from './call.ts';
import { evaluate } from './evaluate.ts';
import { execute } from './execute.ts';
import { bodyName, unknownArguments } from './function-body.ts';
import { createModuleTable, type ModuleTable } from './modules.ts';
import { indexPackageData } from './package-data.ts';
import { type Frame, type Run, report } from './run.ts';
import { runText } from './run-text.ts';
import { newScope } from './scope.ts';

export type PackageRun = { readonly facts: readonly Fact[]; readonly limits: readonly string[] };

/** Steps for one package, and the part that code which is only called may use at most. */
const STEPS = 24_000_000;
const CALL_STEPS = 60_000;

/** Follows a package's code through every way in which it can start, the earliest first. */
export function runPackage(parser: PythonParser, layout: PackageLayout): PackageRun {
  const table = createModuleTable(layout.modules);
  const run = createRun(parser, table, layout);
  if (layout.setup !== undefined) table.executeModule(run, 'setup', 'install', true);
  for (const name of layout.buildBackends) {
    table.executeModule(run, name, 'install');
    callAll(run, (home) => home.module === name, 'install');
  }
  for (const file of layout.startup) runStartupFile(run, table, file.path, file.bytes);
  const { notInstalled, ofAuthors } = besidePackages(run, layout);
  const isAside = (name: string) => layout.asides.has(name) || ofAuthors.has(name);
  for (const name of layout.roots) if (!notInstalled.has(name)) table.executeModule(run, name, 'import');
  for (const entry of [...layout.entryPoints, ...run.entryPoints]) runEntryPoint(run, table, entry);
  for (const name of table.names())
    if (!isAside(name)) table.executeModule(run, name, 'entry', name.endsWith('__main__'));
  for (const { body, frame } of run.guarded)
    if (!isAside(frame.home.module)) run.execute(body, { ...frame, context: 'entry', uncertain: 0 });
  runSkipped(run);
  callAll(run, () => true, 'call');
  runSkipped(run);
  if (run.steps <= 0) run.limits.add('steps');
  return { facts: run.facts, limits: [...run.limits] };
}

/** An entry point is imported and called as soon as somebody starts the command or loads the plug-in. */
function runEntryPoint(run: Run, table: ModuleTable, { module, attribute }: EntryPoint): void {
  if (!table.names().includes(module)) return;
  table.executeModule(run, module, 'entry');
  const frame = outsideFrame('entry', module);
  const [first = '', ...rest] = attribute.split('.');
  let target = first === '' ? undefined : table.attribute(run, module, first, frame);
  for (const name of rest) if (target !== undefined) target = run.attribute(target, name, frame);
  if (target?.kind === 'function') run.call(target, unknownArguments(target), frame, target.at);
  else if (target !== undefined && target.kind !== 'module') run.call(target, positional(), frame, 0);
}

/** Tests that we take for known can be rigged by code that we do not follow: what they kept back is followed at the end. */
function runSkipped(run: Run): void {
  for (const [body, frame] of run.skipped) {
    run.entered.add(body);
    run.execute(body, { ...frame, uncertain: 1 });
  }
  run.skipped.clear();
}

function createRun(parser: PythonParser, table: ModuleTable, { scripts, files }: PackageLayout): Run {
  const run: Run = {
    parser,
    facts: [],
    seen: new Map(),
    definitions: new Map(),
    reached: new Set(),
    results: new Map(),
    closures: new Map(),
    active: new Set(),
    layers: new Set(),
    scripts: new Map(scripts.map((file) => [file.path.replace(/^.*\//, '').toLowerCase(), file])),
    data: indexPackageData(files),
    guarded: [],
    entryPoints: [],
    setups: [],
    skipped: new Map(),
    entered: new Set(),
    written: new Map(),
    writtenText: new Map(),
    replaced: new Map(),
    steps: STEPS,
    limits: new Set(),
    evaluate: (expr, frame) => evaluate(run, expr, frame),
    execute: (body, frame) => execute(run, body, frame),
    assign: (target, value, frame) => assign(run, target, value, frame),
    call: (callee, call, frame, at) => callValue(run, callee, call, frame, at),
    attribute: (object, name, frame) => attributeOf(run, object, name, frame),
    runText: (source, how, decoded, frame, at) => runText(run, source, how, decoded, frame, at),
    startModule: (file, context) => table.startModule(run, file, context),
    importModule: (name, frame) => table.importModule(run, name, frame),
    moduleAttribute: (module, name, frame) => table.attribute(run, module, name, frame),
    setModuleAttribute: (module, name, value) => table.setAttribute(run, module, name, value),
    packageOf: (frame) => table.packageOf(frame.home.module),
  };
  return run;
}

/** Lines of a `.pth` file that begin with `import` are executed at every start of the interpreter (site module). */
function runStartupFile(run: Run, table: ModuleTable, path: string, bytes: Uint8Array): void {
  if (path.endsWith('.py')) {
    table.executeModule(run, path.replace(/^.*\//, '').replace(/\.py$/, ''), 'start-up');
    return;
  }
  const text = decodePythonSource(bytes);
  for (const [index, line] of text.split('\n').entries()) {
    if (!/^import[ \t]/.test(line)) continue;
    const home: Home = {
      module: path,
      path,
      text: line,
      layer: 0,
      anchor: { line: index + 1, unit: path, decoded: false },
      outline: [],
    };
    const frame: Frame = { ...outsideFrame('start-up', path), home, body: `${path}|${index}` };
    run.execute(run.parser.parse(line).body, frame);
  }
}

function outsideFrame(context: Context, module: string): Frame {
  const home: Home = { module, path: module, text: '', layer: 0, outline: [] };
  return {
    scope: newScope('module'),
    home,
    context,
    depth: 0,
    body: `${module}|outside`,
    returned: undefined,
    yielded: undefined,
    uncertain: 0,
    looping: 0,
    undecided: 0,
  };
}

/** Calls every definition that nothing has reached, with unknown arguments; classes once, then their methods. */
function callAll(run: Run, wanted: (home: Home) => boolean, context: Context): void {
  // New definitions (nested functions) join the map while it is walked.
  for (const [name, { value, frame }] of run.definitions) {
    if (run.reached.has(name) || !wanted(value.home)) continue;
    const all = run.steps;
    const granted = Math.min(all, CALL_STEPS);
    run.steps = granted;
    const around: Frame = {
      ...frame,
      context,
      depth: 0,
      uncertain: 0,
      looping: 0,
      undecided: 0,
      returned: undefined,
      yielded: undefined,
    };
    if (value.kind === 'class') callMethods(run, value, around);
    else run.call(value, unknownArguments(value), around, value.at);
    if (run.steps <= 0) report(run, around, value.at, { kind: 'limit', what: 'steps of one definition' });
    run.steps += all - granted;
    if (run.steps <= 0) break;
  }
}

function callMethods(run: Run, type: ClassValue, frame: Frame): void {
  const self = firstOf(
    run.call(type, positional(...Array.from({ length: 8 }, () => unknown(TAINT.parameter))), frame, type.at),
  );
  for (const member of type.scope.names.values()) {
    if (member.kind !== 'function' || run.reached.has(bodyName(member))) continue;
    const bound = self.kind === 'instance' ? bindTo(self, member) : member;
    if (bound.kind === 'function') run.call(bound, unknownArguments(bound), frame, member.at);
  }
}
