import { encodedCommand } from './encoded-command.ts';
import { reportDecoded } from './report-decoded.ts';
import { type Frame, type Run, report } from './run.ts';

/** Cheap test before any pattern: texts without one of these never matter to a rule. */
const WORTH_A_LOOK =
  /:\/\/|\.\w|[\\/%]|(?:curl|wget|pip|powershell|python|crontab|shutdown|reg|nc|rm|base64)\s|\uf8ff/i;
const DIGITS = /^[A-Za-z0-9+/=_\s-]+$/;
const BLOB = 500;

/** Records a text of the code when a rule may want it, and a long run of base-N digits as a blob. */
export function noteText(run: Run, frame: Frame, at: number, text: string): void {
  if (text.length < 6) return;
  const script = text.length > 24 ? encodedCommand(text) : undefined;
  if (script !== undefined) reportDecoded(run, frame, at, 'powershell', Buffer.from(script));
  if (text.length >= BLOB && DIGITS.test(text.slice(0, 4000)) && !text.slice(0, BLOB).includes(' ')) {
    report(run, frame, at, { kind: 'blob', length: text.length });
    return;
  }
  if (text.length > 20_000 || !WORTH_A_LOOK.test(text)) return;
  report(run, frame, at, { kind: 'text', text });
}
