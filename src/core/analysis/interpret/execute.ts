import type { Expr, Stmt } from '../syntax/ir.ts';
import { itemsOf } from '../values/fold-builtin.ts';
import { foldBinary } from '../values/fold-operator.ts';
import { either, isConstant, none, truthOf } from '../values/value.ts';
import { runBroken } from './broken-code.ts';
import { elementOf, iterateObject } from './collections.ts';
import { defineClass, defineFunction } from './define.ts';
import { importFrom, importPlain } from './imports.ts';
import { type Completion, type Frame, type Run, report, step } from './run.ts';
import { bindName } from './scope.ts';
import { callOperator, callSpecial } from './special-methods.ts';

const MAX_ITERATIONS = 20_000;
/** Steps that one loop over constants may use; decoders stay far below. */
const LOOP_STEPS = 400_000;

/** Runs statements in order until one certainly ends the block. */
export function execute(run: Run, body: readonly Stmt[], frame: Frame): Completion {
  for (const statement of body) {
    if (!step(run)) return 'normal';
    const completion = attempt(run, statement, frame);
    if (completion !== 'normal' && frame.uncertain === 0) return completion;
  }
  return 'normal';
}

/**
 * What grows beyond what the engine can hold (a text of 512 MB, calls inside of calls) fails by itself: the statement is left
 * there, and a limit says so.
 */
function attempt(run: Run, statement: Stmt, frame: Frame): Completion {
  const { uncertain, looping } = frame;
  try {
    return executeOne(run, statement, frame);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    frame.uncertain = uncertain;
    frame.looping = looping;
    const what = error.message.includes('call stack') ? 'nesting' : 'size of a value';
    report(run, frame, statement.at, { kind: 'limit', what });
    return 'normal';
  }
}

function executeOne(run: Run, statement: Stmt, frame: Frame): Completion {
  switch (statement.kind) {
    case 'expression':
      if (statement.value.kind !== 'text') run.evaluate(statement.value, frame);
      return 'normal';
    case 'assign': {
      const value = run.evaluate(statement.value, frame);
      for (const target of statement.targets) run.assign(target, value, frame);
      return 'normal';
    }
    case 'update': {
      const before = run.evaluate(statement.target, frame);
      const value = run.evaluate(statement.value, frame);
      const special = callOperator(run, statement.operator, before, value, frame);
      run.assign(statement.target, special ?? foldBinary(statement.operator, before, value), frame);
      return 'normal';
    }
    case 'import':
      importPlain(run, statement, frame);
      return 'normal';
    case 'from-import':
      importFrom(run, statement, frame);
      return 'normal';
    case 'function':
      defineFunction(run, statement, frame);
      return 'normal';
    case 'class':
      defineClass(run, statement, frame);
      return 'normal';
    case 'if':
      return executeIf(run, statement, frame);
    case 'for':
      return executeFor(run, statement, frame);
    case 'while':
      return executeWhile(run, statement, frame);
    case 'try':
      return executeTry(run, statement, frame);
    case 'with':
      return executeWith(run, statement, frame);
    case 'match': {
      const subject = run.evaluate(statement.subject, frame);
      for (const { captures, guard, body } of statement.cases) {
        for (const name of captures) bindName(name, subject, frame);
        if (guard !== undefined) run.evaluate(guard, frame);
        maybe(run, body, frame);
      }
      return 'normal';
    }
    case 'return': {
      const value = statement.value === undefined ? undefined : run.evaluate(statement.value, frame);
      if (value !== undefined) frame.returned = either(frame.returned, value);
      return 'return';
    }
    case 'global':
      frame.scope.outer ??= new Set();
      for (const name of statement.names) frame.scope.outer.add(name);
      return 'normal';
    case 'break':
    case 'continue':
      return statement.kind;
    case 'delete':
      for (const target of statement.targets) run.evaluate(target, frame);
      return 'normal';
    case 'broken':
      runBroken(run, statement, frame);
      return 'normal';
    case 'pass':
      return 'normal';
  }
}

/** Runs code that may not run: what it assigns becomes an option, and it ends nothing. */
function maybe(run: Run, body: readonly Stmt[], frame: Frame): void {
  frame.uncertain++;
  frame.undecided++;
  run.execute(body, frame);
  frame.uncertain--;
}

function executeIf(run: Run, statement: Extract<Stmt, { kind: 'if' }>, frame: Frame): Completion {
  let open = false;
  let taken: readonly Stmt[] | undefined;
  for (const branch of statement.branches) {
    const truth = taken === undefined ? truthOfTest(run, branch.test, frame) : false;
    if (truth === true && !open) taken = branch.body;
    else if (truth !== false) maybe(run, enter(run, branch.body), frame);
    else if (namesMain(branch.test)) run.guarded.push({ body: branch.body, frame });
    else if (!isLiteral(branch.test)) skip(run, branch.body, frame);
    open ||= truth === undefined;
  }
  if (taken === undefined && !open) taken = statement.otherwise;
  else if (taken === undefined) maybe(run, enter(run, statement.otherwise), frame);
  else skip(run, statement.otherwise, frame);
  return taken === undefined ? 'normal' : run.execute(enter(run, taken), frame);
}

function enter(run: Run, body: readonly Stmt[]): readonly Stmt[] {
  run.entered.add(body);
  run.skipped.delete(body);
  return body;
}

function skip(run: Run, body: readonly Stmt[], frame: Frame): void {
  if (body.length > 0 && !run.entered.has(body)) run.skipped.set(body, frame);
}

/** `if False:` never runs, whoever assigns what. */
function isLiteral(test: Expr): boolean {
  return test.kind === 'bool' || test.kind === 'number' || test.kind === 'none';
}

/**
 * Whether a branch is taken, where that is the same on every machine. `os.name == 'nt'` is not, although both sides may
 * be known; inside a loop over constants every known test counts, or decoders could not be followed.
 */
function truthOfTest(run: Run, test: Expr, frame: Frame): boolean | undefined {
  if (test.kind === 'choice' && test.type !== 'if') {
    const truths = test.options.map((option) => truthOfTest(run, option, frame));
    const decisive = test.type === 'or';
    if (truths.includes(decisive)) return decisive;
    return truths.includes(undefined) ? undefined : !decisive;
  }
  if (test.kind === 'unary' && test.operator === 'not') {
    const truth = truthOfTest(run, test.operand, frame);
    return truth === undefined ? undefined : !truth;
  }
  const value = run.evaluate(test, frame);
  callSpecial(run, value, ['__bool__', '__len__'], [], frame);
  if (value.kind === 'external' && value.path === 'typing.TYPE_CHECKING') return false;
  return isConstant(value) && (isLiteral(test) || namesMain(test) || frame.looping > 0) ? truthOf(value) : undefined;
}

function namesMain(test: Expr): boolean {
  if (test.kind === 'choice') return test.options.some(namesMain);
  return test.kind === 'compare' && test.operands.some((each) => each.kind === 'name' && each.id === '__name__');
}

/** Context managers of the package run at both ends of the block. */
function executeWith(run: Run, statement: Extract<Stmt, { kind: 'with' }>, frame: Frame): Completion {
  const managers = statement.items.map((item) => {
    const value = run.evaluate(item.value, frame);
    const entered = callSpecial(run, value, ['__enter__', '__aenter__'], [], frame) ?? value;
    if (item.target !== undefined) run.assign(item.target, entered, frame);
    return value;
  });
  const completion = run.execute(statement.body, frame);
  for (const value of managers) callSpecial(run, value, ['__exit__', '__aexit__'], [none(), none(), none()], frame);
  return completion;
}

function executeFor(run: Run, statement: Extract<Stmt, { kind: 'for' }>, frame: Frame): Completion {
  const given = run.evaluate(statement.iterable, frame);
  const iterable = iterateObject(run, given, frame, statement.at) ?? given;
  const items = itemsOf(iterable);
  if (items === undefined) {
    frame.uncertain++;
    run.assign(statement.target, elementOf(iterable), frame);
    run.execute(statement.body, frame);
    frame.uncertain--;
  } else {
    frame.looping++;
    const least = run.steps - LOOP_STEPS;
    for (const item of items.slice(0, MAX_ITERATIONS)) {
      if (run.steps < least) {
        report(run, frame, statement.at, { kind: 'limit', what: 'steps of one loop' });
        break;
      }
      run.assign(statement.target, item, frame);
      const completion = run.execute(statement.body, frame);
      if (completion === 'break') break;
      if (completion === 'return') {
        frame.looping--;
        return 'return';
      }
    }
    frame.looping--;
  }
  maybe(run, statement.otherwise, frame);
  return 'normal';
}

function executeWhile(run: Run, statement: Extract<Stmt, { kind: 'while' }>, frame: Frame): Completion {
  frame.looping++;
  const least = run.steps - LOOP_STEPS;
  const breaks = statement.body.some(isBreak);
  // `while True` of a server has no end; one whose way out was decided against goes on.
  let isDecided = false;
  let completion: Completion = 'normal';
  for (let round = 0; round < MAX_ITERATIONS && run.steps > least; round++) {
    const test = run.evaluate(statement.test, frame);
    const truth = isConstant(test) ? truthOf(test) : undefined;
    if (truth === false) break;
    if (
      truth === undefined ||
      (truth &&
        statement.test.kind !== 'compare' &&
        round > 0 &&
        completion === 'normal' &&
        test.kind === 'bool' &&
        !isDecided)
    ) {
      if (round === 0 || truth === undefined) maybe(run, statement.body, frame);
      break;
    }
    const { undecided } = frame;
    completion = run.execute(statement.body, frame);
    if (completion === 'break' || completion === 'return') break;
    isDecided = breaks && frame.undecided === undecided;
  }
  frame.looping--;
  maybe(run, statement.otherwise, frame);
  return completion === 'return' ? 'return' : 'normal';
}

/** `if …: break` */
function isBreak(statement: Stmt): boolean {
  return statement.kind === 'if' && statement.branches.some(({ body }) => body.at(-1)?.kind === 'break');
}

function executeTry(run: Run, statement: Extract<Stmt, { kind: 'try' }>, frame: Frame): Completion {
  const completion = run.execute(statement.body, frame);
  for (const handler of statement.handlers) maybe(run, handler, frame);
  maybe(run, statement.otherwise, frame);
  run.execute(statement.last, frame);
  // The body may have failed before it returned: what follows the statement can still run.
  return completion === 'return' && statement.handlers.length > 0 ? 'normal' : completion;
}
