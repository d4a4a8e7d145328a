import { riskyLines } from '../other-files/script-lines.ts';
import { decodePythonSource } from '../syntax/source-text.ts';
import { TAINT } from '../values/taint.ts';
import {
  type CallShape,
  firstOf,
  HOLE,
  optionsOf,
  plainText,
  positional,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { packageContent } from './package-data.ts';
import { type Frame, type Run, report } from './run.ts';

const SCRIPT_NAME = /[\w.-]{1,100}\.(?:sh|bash|zsh|ps1|psm1|bat|cmd|vbs|js|mjs|cjs|hta)(?![\w.])/gi;
const PYTHON_FILE = /[\w./-]{1,100}\.pyw?(?![\w.])/gi;
const MAX_COMMAND = 4_000;

/**
 * Follows a command into a script of the package: what its lines do is done where the command is started. The script is known
 * by its file name, because paths are mostly put together while the code runs. A Python file runs as a program of its own.
 */
export function runStartedScripts(
  run: Run,
  name: string,
  call: CallShape,
  taint: number,
  frame: Frame,
  at: number,
): void {
  for (const command of textsIn([...call.args, ...call.keywords.values()])) {
    for (const [file] of command.slice(0, MAX_COMMAND).matchAll(PYTHON_FILE))
      run.startModule(file.replace(/^(?:\.?\/)+/, ''), frame.context);
    for (const [script] of command.slice(0, MAX_COMMAND).matchAll(SCRIPT_NAME)) {
      const file = run.scripts.get(script.toLowerCase());
      if (file === undefined) continue;
      for (const line of riskyLines(file.path, decodePythonSource(file.bytes)))
        report(run, frame, at, { kind: 'call', role: 'process', name, call: positional(text(line.text)), taint });
    }
  }
}

/** Python, however it is called, before the file that it is told to run. */
const PYTHON_RUNS = /(?:\bpython[\d.]*w?|\bpyw?)(?:\.exe)?["']?\s+(?:-[a-zA-Z]\s+){0,3}["']?([^\s"'<>|;&]{1,300})/i;

/** Follows `python <file>` into a file of the package that is not called like Python code. */
export function runStartedData(run: Run, call: CallShape, frame: Frame, at: number): void {
  const first = firstOf(call.args[0] ?? call.keywords.get('args') ?? unknown());
  const parts = first.kind === 'list' ? first.items.slice(0, 20) : [first];
  const line = parts.map((part) => plainText(firstOf(part)) ?? HOLE).join(' ');
  const path = PYTHON_RUNS.exec(line.slice(0, MAX_COMMAND))?.[1];
  const content = path === undefined ? undefined : packageContent(run.data, path, frame.home.path, true);
  if (content?.kind !== 'text' || (content.taint & TAINT.dataFile) === 0) return;
  run.runText(content.value, 'execute', false, frame, at);
}

function textsIn(values: readonly Value[]): string[] {
  return values
    .flatMap((value) => optionsOf(value))
    .flatMap((value) => (value.kind === 'list' ? value.items.slice(0, 20).flatMap((item) => optionsOf(item)) : [value]))
    .flatMap((value) => (value.kind === 'text' || value.kind === 'bytes' ? (plainText(value) ?? []) : []));
}
