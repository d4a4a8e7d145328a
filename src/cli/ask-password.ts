import { text } from 'node:stream/consumers';
import { password as ask, isCancel } from '@clack/prompts';
import { WheelgateError } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks a person for a new password, twice; or reads it from standard input, without its line end.
 * @throws {WheelgateError} USAGE when there is nobody to ask, or the two differ
 */
export async function askPassword(terminal: Terminal, fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await text(process.stdin)).replace(/\r?\n$/, '');
  if (!terminal.isInteractive)
    throw new WheelgateError(
      'USAGE',
      'nobody is at the terminal to type a password',
      'Pipe it in with --password-stdin.',
    );
  const first = await ask({ message: 'New password', output: process.stderr });
  const second = isCancel(first) ? first : await ask({ message: 'Once more', output: process.stderr });
  if (isCancel(first) || isCancel(second))
    throw new WheelgateError('USAGE', 'no password was given', 'Nothing was done.');
  if (first !== second) throw new WheelgateError('USAGE', 'the two passwords differ', 'Nothing was done; try again.');
  return first;
}
