import { isCancel, text } from '@clack/prompts';
import { WheelgateError } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * What a person says to a question, unless a flag said it already.
 * @throws {WheelgateError} USAGE when nobody is at the terminal, or they break off
 */
export async function askText(
  terminal: Terminal,
  given: string | undefined,
  question: string,
  flag: string,
): Promise<string> {
  if (given !== undefined) return given;
  const answer = terminal.isInteractive
    ? await text({
        message: question,
        output: process.stderr,
        validate: (said) => (said?.trim() ? undefined : 'Say it in a few words.'),
      })
    : undefined;
  if (answer !== undefined && !isCancel(answer)) return answer;
  throw new WheelgateError('USAGE', 'a reason is missing', `Give it with ${flag}.`);
}
