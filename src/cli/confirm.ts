import { confirm as ask, isCancel } from '@clack/prompts';
import { WheelgateError } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks a person at the terminal; the default answer is no.
 * @throws {WheelgateError} USAGE when there is nobody to ask
 */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  if (!terminal.isInteractive) {
    throw new WheelgateError('USAGE', 'this needs a yes, and nobody is at the terminal', 'Say it with --yes.');
  }
  const answer = await ask({ message: question, initialValue: false, output: process.stderr });
  return !isCancel(answer) && answer;
}
