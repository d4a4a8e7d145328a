import type { Stmt } from '../syntax/ir.ts';
import { type Frame, placeOf, type Run } from './run.ts';

const MAX_LINES = 400;
const MAX_LINE = 4_000;

/**
 * A range that no grammar of Python accepts. What the parser recovered of it stands beside it as code; here each line is
 * read by itself, so that nothing hides in an open bracket or string. A file that CPython rejects cannot run, but what it
 * was meant to do still says what it is.
 */
export function runBroken(run: Run, statement: Extract<Stmt, { kind: 'broken' }>, frame: Frame): void {
  const first = placeOf(frame, statement.at);
  for (const [index, line] of statement.text.split('\n', MAX_LINES).entries()) {
    // A line without a call does nothing that a rule could see.
    if (line.length > MAX_LINE || !/[\w)\]]\s*\(|^\s*(?:import|from)\s/.test(line)) continue;
    const module = run.parser.parse(line.trim());
    if (module.broken) continue;
    const { line: base, unit, decodedLayer } = first;
    const anchor = { line: frame.home.anchor === undefined ? base + index : base, unit, decoded: decodedLayer };
    const home = { ...frame.home, text: module.text, anchor, outline: [] };
    run.execute(module.body, { ...frame, home, uncertain: frame.uncertain + 1 });
  }
}
