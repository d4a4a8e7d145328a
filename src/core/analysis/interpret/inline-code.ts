import { TAINT } from '../values/taint.ts';
import { type CallShape, firstOf, HOLE, plainText, positional, text, unknown } from '../values/value.ts';
import { encodedCommand } from './encoded-command.ts';
import { reportDecoded } from './report-decoded.ts';
import { type Frame, type Run, report } from './run.ts';

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

/** A script that PowerShell is given encoded is a command of its own, so that what it does is seen. */
export function runEncodedCommand(
  run: Run,
  path: string,
  call: CallShape,
  taint: number,
  frame: Frame,
  at: number,
): void {
  const first = firstOf(call.args[0] ?? call.keywords.get('args') ?? unknown());
  const parts = first.kind === 'list' ? first.items.slice(0, 50) : call.args;
  const line = parts.map((part) => plainText(firstOf(part)) ?? HOLE).join(' ');
  const script = encodedCommand(line);
  if (script === undefined) return;
  const decoded = taint | TAINT.decoded;
  reportDecoded(run, frame, at, 'powershell', Buffer.from(script));
  report(run, frame, at, {
    kind: 'call',
    role: 'process',
    name: path,
    call: positional(text(`powershell ${script}`, decoded)),
    taint: decoded,
  });
}
