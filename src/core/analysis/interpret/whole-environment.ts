import { readsEnvironment } from '../catalogue/commands.ts';
import { TAINT } from '../values/taint.ts';
import { type CallShape, firstOf, optionsOf, plainText, positional, unknown, type Value } from '../values/value.ts';
import { type Frame, type Run, report } from './run.ts';

/** Records that all of the environment is read: `os.environ` as a value, not one variable of it. */
export function noteEnvironment(run: Run, frame: Frame, at: number, value: Value): void {
  // Asked for nearly every value: most are no alternatives, and need no list of them.
  if (value.kind !== 'external' && value.kind !== 'options') return;
  for (const each of optionsOf(value))
    if (each.kind === 'external' && each.path === 'os.environ') reportEnvironment(run, frame, at);
}

export function reportEnvironment(run: Run, frame: Frame, at: number): void {
  report(run, frame, at, {
    kind: 'call',
    role: 'environment-read',
    name: 'os.environ',
    call: positional(),
    taint: TAINT.allEnvironment,
  });
}

/** The taint of what a started command prints: `env`, `printenv`, `set` print the environment. */
export function outputTaint(run: Run, call: CallShape, frame: Frame, at: number): number {
  const given = firstOf(call.args[0] ?? call.keywords.get('args') ?? unknown());
  const parts = given.kind === 'list' ? given.items.slice(0, 20) : [given];
  const command = parts.map((part) => plainText(firstOf(part)) ?? '').join(' ');
  if (!readsEnvironment(command)) return TAINT.output;
  reportEnvironment(run, frame, at);
  return TAINT.output | TAINT.allEnvironment;
}
