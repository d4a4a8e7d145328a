import { TAINT } from '../values/taint.ts';
import { type CallShape, firstOf, HOLE, plainText, unknown } from '../values/value.ts';
import type { Frame, Run } from './run.ts';

/** Follows the code of `python -c <code>`, given as a list or as one text. */
export function runInlinePython(run: Run, call: CallShape, taint: number, frame: Frame, at: number): void {
  const first = firstOf(call.args[0] ?? call.keywords.get('args') ?? unknown());
  const decoded = (taint & (TAINT.decoded | TAINT.decrypted)) !== 0;
  if (first.kind === 'list') {
    const flag = first.items.findIndex((item) => plainText(firstOf(item)) === '-c');
    const code = flag < 0 ? undefined : plainText(firstOf(first.items[flag + 1] ?? unknown()));
    const program = plainText(firstOf(first.items[0] ?? unknown())) ?? HOLE;
    if (code !== undefined && /python|\uf8ff/i.test(program)) run.runText(code, 'command', decoded, frame, at);
    return;
  }
  const line = plainText(first);
  const found =
    line === undefined || line.length > 200_000
      ? null
      : /python[\d.]*w?(?:\.exe)?["']?\s+-c\s+(["'])([\s\S]+)\1/.exec(line);
  if (found?.[2] !== undefined) run.runText(found[2].replaceAll('\\"', '"'), 'command', decoded, frame, at);
}
