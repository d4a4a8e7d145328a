import { riskyLines } from '../other-files/script-lines.ts';
import { decodePythonSource } from '../syntax/source-text.ts';
import { type CallShape, optionsOf, plainText, positional, text, type Value } from '../values/value.ts';
import { type Frame, type Run, report } from './run.ts';

const SCRIPT_NAME = /[\w.-]{1,100}\.(?:sh|bash|zsh|ps1|psm1|bat|cmd|vbs|js|mjs|cjs|hta)(?![\w.])/gi;
const MAX_COMMAND = 4_000;

/**
 * Follows a command into a script of the package: what its lines do is done where the command is started. The script is known
 * by its file name, because paths are mostly put together while the code runs.
 */
export function runStartedScripts(
  run: Run,
  name: string,
  call: CallShape,
  taint: number,
  frame: Frame,
  at: number,
): void {
  if (run.scripts.size === 0) return;
  for (const command of textsIn([...call.args, ...call.keywords.values()])) {
    for (const [script] of command.slice(0, MAX_COMMAND).matchAll(SCRIPT_NAME)) {
      const file = run.scripts.get(script.toLowerCase());
      if (file === undefined) continue;
      for (const line of riskyLines(file.path, decodePythonSource(file.bytes)))
        report(run, frame, at, { kind: 'call', role: 'process', name, call: positional(text(line.text)), taint });
    }
  }
}

function textsIn(values: readonly Value[]): string[] {
  return values
    .flatMap((value) => optionsOf(value))
    .flatMap((value) => (value.kind === 'list' ? value.items.slice(0, 20).flatMap((item) => optionsOf(item)) : [value]))
    .flatMap((value) => (value.kind === 'text' || value.kind === 'bytes' ? (plainText(value) ?? []) : []));
}
