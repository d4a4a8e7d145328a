import { TAINT } from '../values/taint.ts';
import { type CallShape, firstOf, optionsOf, positional, type Scope, unknown, type Value } from '../values/value.ts';
import type { Frame, Run } from './run.ts';
import { newScope } from './scope.ts';

/** `compile(ast.parse(text))` is the text again. */
const MAX_WRAPPINGS = 4;

/** Runs what `exec`, `eval` and their kin are given: texts, compiled texts, code objects of the package's functions. */
export function executeCode(run: Run, call: CallShape, inward: number, frame: Frame, at: number): Value {
  let result: Value = unknown(inward);
  const given = call.args[0] ?? call.keywords.get('source') ?? call.keywords.get('stmt') ?? unknown();
  const { scope, keep } = namespaceOf(firstOf(call.args[1] ?? call.keywords.get('globals') ?? unknown()), frame);
  const inner = scope === undefined ? frame : { ...frame, scope };
  for (const value of optionsOf(given)) {
    const code = sourceOf(value);
    if (code.kind === 'function') result = call.args.length > 1 ? code : run.call(code, positional(), frame, at);
    else if (code.kind === 'text' || code.kind === 'bytes') {
      const taint = value.taint | code.taint;
      const concealed = (taint & (TAINT.decoded | TAINT.decrypted)) !== 0;
      const isSource = !concealed && (taint & TAINT.packageFile) !== 0 && (taint & TAINT.dataFile) === 0;
      result = run.runText(textOf(code), isSource ? 'source-file' : 'execute', concealed, inner, at);
    }
  }
  keep();
  return result;
}

function sourceOf(value: Value): Value {
  let code = value;
  for (let times = 0; times < MAX_WRAPPINGS; times++) {
    if (code.kind !== 'external' || code.path !== 'builtins.compile()') break;
    code = firstOf(code.made?.args[0] ?? unknown());
  }
  return code;
}

/** Code in bytes is UTF-8, as everywhere in Python. */
function textOf(code: Extract<Value, { kind: 'text' | 'bytes' }>): string {
  return code.kind === 'text' ? code.value : Buffer.from(code.value).toString('utf8');
}

/** The names that the code runs with and leaves behind, when it is given a dict, a made module or an object. */
function namespaceOf(target: Value, frame: Frame): { readonly scope?: Scope; keep(): void } {
  const names = target.kind === 'dict' ? target.entries : target.kind === 'instance' ? target.attributes : undefined;
  if (names === undefined) return { keep: () => {} };
  const prefix = target.kind === 'dict' ? 't:' : '';
  const scope = newScope('module');
  for (const [name, value] of names) if (name.startsWith(prefix)) scope.names.set(name.slice(prefix.length), value);
  // What the text does not find here it finds where it is run: a namespace made of `globals()` looks empty to us.
  return {
    scope: { ...scope, parent: frame.scope },
    keep() {
      for (const [name, value] of scope.names) names.set(prefix + name, value);
    },
  };
}
