import { WheelgateError } from '../errors.ts';

/** The error of a file that cannot be read at all; others are still read. */
export function unreadable(message: string, cause?: unknown): WheelgateError {
  return new WheelgateError('INPUT_UNREADABLE', message, 'Write the file again with the tool that made it.', cause);
}
