import { itemsOf } from '../values/fold-builtin.ts';
import { type CallShape, external, optionsOf, positional, unknown, type Value } from '../values/value.ts';
import { bindTo, memberOf } from './attribute.ts';
import { unknownArguments } from './function-body.ts';
import type { Frame, Run } from './run.ts';

/** Where the function stands among the arguments of a call that starts or keeps one; 0 when not named here. */
const POSITIONS: readonly (readonly [RegExp, number])[] = [
  [/(?:Thread|Process|Timer|run_in_executor|signal\.signal|weakref\.finalize|insert|call_later|call_at)$/, 1],
];
/** Calls whose arguments for the function come in one tuple, and its position. */
const TUPLES: readonly (readonly [RegExp, number])[] = [
  [/Timer$/, 2],
  [/(?:start_new_thread|apply|apply_async)$/, 1],
  [/(?:Thread|Process)$/, 3],
];
/** Calls that hand each item of an iterable to the function. */
const OVER_ITEMS = /(?:\.map|imap|imap_unordered|starmap|map_async)$/;
/** What an import hook is asked by every import. */
const HOOK_METHODS = ['find_spec', 'find_module', 'find_loader', 'load_module', 'exec_module', 'create_module'];

/** Follows a function that is handed to a call which starts it, or keeps it for later. */
export function startCallback(run: Run, path: string, call: CallShape, frame: Frame, at: number): Value {
  const position = POSITIONS.find(([pattern]) => pattern.test(path))?.[1] ?? 0;
  for (const name of ['before', 'after_in_child', 'after_in_parent']) {
    const hook = call.keywords.get(name);
    if (hook !== undefined) run.call(hook, positional(), frame, at);
  }
  const target =
    call.keywords.get('target') ?? call.keywords.get('function') ?? call.keywords.get('func') ?? call.args[position];
  if (target !== undefined) {
    for (const args of argumentSets(path, position, call)) run.call(target, { args, keywords: new Map() }, frame, at);
    callHooks(run, target, frame, at);
  }
  return external(`${path}()`, 0, call);
}

function argumentSets(path: string, position: number, call: CallShape): readonly (readonly Value[])[] {
  if (OVER_ITEMS.test(path)) {
    const rows = itemsOf(call.args[1])?.slice(0, 20) ?? [unknown(call.args[1]?.taint ?? 0)];
    return path.endsWith('starmap') ? rows.map((row) => itemsOf(row) ?? [row]) : rows.map((row) => [row]);
  }
  const tuple = TUPLES.find(([pattern]) => pattern.test(path))?.[1];
  const given = call.keywords.get('args') ?? (tuple === undefined ? undefined : call.args[tuple]);
  if (given !== undefined) return [itemsOf(given) ?? [unknown(given.taint)]];
  return [tuple === undefined ? call.args.slice(position + 1) : []];
}

/** An object or class put among the import hooks. */
function callHooks(run: Run, target: Value, frame: Frame, at: number): void {
  for (const hook of optionsOf(target)) {
    if (hook.kind !== 'instance' && hook.kind !== 'class') continue;
    const type = hook.kind === 'class' ? hook : hook.of;
    for (const name of HOOK_METHODS) {
      const method = memberOf(type, name);
      if (method?.kind !== 'function') continue;
      const bound = hook.kind === 'instance' ? bindTo(hook, method) : { ...method, self: hook };
      if (bound.kind === 'function') run.call(bound, unknownArguments(bound), frame, at);
    }
  }
}
