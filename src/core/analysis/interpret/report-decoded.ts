import { isMedia, isProgram, looksLikeText } from '../values/decode.ts';
import { type Frame, type Run, report } from './run.ts';

const MAX_READABLE = 200_000;

/** Records what a decoder or cipher gave. */
export function reportDecoded(run: Run, frame: Frame, at: number, how: string, output: Uint8Array): void {
  if (output.length < 4) return;
  const readable = looksLikeText(output) ? Buffer.from(output.subarray(0, MAX_READABLE)).toString('utf8') : '';
  report(run, frame, at, {
    kind: 'decoded',
    how,
    text: readable,
    program: isProgram(output),
    media: isMedia(output),
    size: output.length,
  });
}

/** A constant that would be longer than we follow: nobody may hide behind that. */
export function reportTooLong(run: Run, frame: Frame, at: number): void {
  report(run, frame, at, { kind: 'limit', what: 'size of decoded data' });
}
