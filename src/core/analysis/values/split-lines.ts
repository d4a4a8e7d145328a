import { type CallShape, list, none, text, truthOf, type Value } from './value.ts';

/** `str.splitlines(keepends)`: without an empty line behind the last line end. */
export function splitLines(value: string, call: CallShape, taint: number): Value {
  const keepsEnds = truthOf(call.args[0] ?? call.keywords.get('keepends') ?? none()) === true;
  const lines = value.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  return list(
    lines.map((line) => text(keepsEnds ? line : line.replace(/[\r\n]+$/, ''), taint)),
    taint,
  );
}
