import { isStartupPath, secretKinds } from '../catalogue/paths.ts';
import { isProgram } from '../values/decode.ts';
import { TAINT } from '../values/taint.ts';
import {
  type CallShape,
  type External,
  firstOf,
  optionsOf,
  plainText,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { packageContent } from './package-data.ts';
import { type Frame, type Run, report } from './run.ts';

/** What reading a file gives: of a file of the package its content, of others what the place says that it may be. */
export function fileContent(run: Run, path: Value, frame: Frame, isText: boolean): Value {
  const taint = (path.taint & ~TAINT.environment) | pathTaint(run, path);
  const plain = plainText(firstOf(path));
  const known =
    plain === undefined || taint & WRITTEN_LATER ? undefined : packageContent(run.data, plain, frame.home.path, isText);
  return known === undefined ? unknown(TAINT.file | taint) : { ...known, taint: known.taint | taint };
}

/** What lies under such a path now is not what the package brought. */
const WRITTEN_LATER = TAINT.downloadedFile | TAINT.droppedFile | TAINT.network;

/** What an opened file holds, as far as it is read at once. */
export function openedContent(run: Run, { made, taint }: Pick<External, 'made' | 'taint'>, frame: Frame): Value {
  const target = made?.args[0] ?? made?.keywords.get('file') ?? unknown();
  const mode = plainText(firstOf(made?.args[1] ?? made?.keywords.get('mode') ?? text('r'))) ?? 'r';
  return fileContent(run, { ...target, taint: target.taint | taint } as Value, frame, !mode.includes('b'));
}

/** The taint of a path: a secret's place, or a file that this package has written before. */
export function pathTaint(run: Run, path: Value): number {
  const plain = plainText(firstOf(path));
  if (plain === undefined) return path.taint & (TAINT.downloadedFile | TAINT.droppedFile | TAINT.credential);
  return (
    (secretKinds(plain).size > 0 ? TAINT.credential : 0) |
    (/\/proc\/[^/]{1,20}\/environ$/.test(plain) ? TAINT.allEnvironment : 0) |
    (run.written.get(plain) ?? 0) |
    (path.taint & (TAINT.downloadedFile | TAINT.droppedFile))
  );
}

/** What a file that was written holds when it is read again. */
const KEPT_IN_FILES =
  TAINT.environment |
  TAINT.allEnvironment |
  TAINT.credential |
  TAINT.host |
  TAINT.clipboard |
  TAINT.recording |
  TAINT.output;

const IMPORT_LINE = /(?:^|[\n;])\s*(?:import|from)\s+[a-zA-Z_]/;

/** Records a write, remembers what now lies under the path, and analyses program text that was written. */
export function reportWrite(run: Run, frame: Frame, at: number, name: string, path: Value, content: Value): void {
  const taint = content.taint | (path.taint & TAINT.credential);
  report(run, frame, at, {
    kind: 'call',
    role: 'write',
    name,
    call: { args: [path, content], keywords: new Map() },
    taint,
  });
  let left = content.taint & KEPT_IN_FILES;
  if (content.taint & TAINT.network) left |= TAINT.downloadedFile;
  const first = firstOf(content);
  if (first.kind === 'bytes' && isProgram(first.value)) left |= TAINT.droppedFile;
  if (content.taint & (TAINT.decoded | TAINT.decrypted)) left |= TAINT.droppedFile;
  const target = plainText(firstOf(path)) ?? '';
  const source = withLinesBefore(run, target, plainText(first));
  // Code that rewrites files of its own package, as generators do, writes nothing that was not there to be read.
  const isOwnSource = (content.taint & (TAINT.packageFile | TAINT.dataFile)) === TAINT.packageFile;
  if (
    source !== undefined &&
    first.kind !== 'number' &&
    !isOwnSource &&
    IMPORT_LINE.test(source) &&
    (/\.pyw?$/.test(target) || isStartupPath(target) || source.includes('\n') || source.includes(';'))
  ) {
    left |= TAINT.droppedFile;
    run.runText(source, 'written', (content.taint & (TAINT.decoded | TAINT.decrypted)) !== 0, frame, at);
  } else if (source !== undefined && /\.(?:bat|cmd|ps1|vbs|sh|js|hta)$/i.test(target)) left |= TAINT.droppedFile;
  if (left === 0) return;
  path.taint |= left & (TAINT.downloadedFile | TAINT.droppedFile);
  if (target !== '') run.written.set(target, (run.written.get(target) ?? 0) | left);
}

const MAX_SCRIPT = 64_000;
const MAX_PARTS = 80;

/** Programs are written line by line too: what was written to a path so far, with `part` at its end. */
function withLinesBefore(run: Run, target: string, part: string | undefined): string | undefined {
  if (part === undefined || target === '') return part;
  const before = run.writtenText.get(target);
  if (before !== undefined && (before.parts >= MAX_PARTS || before.text.length + part.length > MAX_SCRIPT)) return part;
  const text = (before?.text ?? '') + part;
  run.writtenText.set(target, { text, parts: (before?.parts ?? 0) + 1 });
  return text;
}

/** Remembers that a response lies under the target of a download. */
export function downloadTo(run: Run, call: CallShape): void {
  const target = call.args[1] ?? call.keywords.get('filename') ?? call.keywords.get('out');
  if (target === undefined) return;
  target.taint |= TAINT.downloadedFile;
  const plain = plainText(firstOf(target));
  if (plain !== undefined) run.written.set(plain, (run.written.get(plain) ?? 0) | TAINT.downloadedFile);
}

/** A copy is as suspicious as what was copied. */
export function copyTaint(run: Run, call: CallShape): void {
  const [from, to] = call.args;
  if (from === undefined || to === undefined) return;
  if ((from.taint & TAINT.network) !== 0) to.taint |= TAINT.downloadedFile;
  const plain = plainText(firstOf(to));
  const taint = pathTaint(run, from);
  to.taint |= taint;
  if (plain !== undefined && taint !== 0) run.written.set(plain, taint);
}

/** Whether a started program, or an argument of it, is a file that was downloaded or dropped before. */
export function startedTaint(run: Run, call: CallShape): number {
  let taint = 0;
  for (const value of call.args.flatMap(optionsOf)) {
    const parts = value.kind === 'list' ? value.items : [value];
    for (const part of parts) {
      taint |= pathTaint(run, part) & (TAINT.downloadedFile | TAINT.droppedFile);
      const plain = plainText(firstOf(part));
      if (plain === undefined || plain.length > 2000) continue;
      for (const [path, left] of run.written) if (path.length > 3 && plain.includes(path)) taint |= left;
    }
  }
  return taint;
}
