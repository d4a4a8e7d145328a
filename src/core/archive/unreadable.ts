import { WheelgateError } from '../errors.ts';

/** The archive is damaged, or Python or we cannot read it: ARCHIVE_UNREADABLE. */
export function unreadable(message: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'ARCHIVE_UNREADABLE',
    message,
    'Fetch the file again; if it stays so, do not use it.',
    cause,
  );
}

/** The archive may be fine, but reading it would cost more than we allow: FILE_TOO_LARGE. */
export function beyondLimit(message: string): WheelgateError {
  return new WheelgateError(
    'FILE_TOO_LARGE',
    message,
    'Look at the file by hand, or raise the limits of the inspection.',
  );
}
