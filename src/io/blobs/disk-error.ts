import { WheelgateError } from '../../core/errors.ts';

/** True when a call to the operating system failed with one of these codes. */
export function isErrno(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Runs calls to the disk; what they throw says what it means to a person, and carries the system's error as `cause`. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error);
  }
}

/** What a failed call to the disk means to a person. */
export function diskError(error: unknown): unknown {
  if (error instanceof WheelgateError) return error;
  if (isErrno(error, 'ENOSPC', 'EDQUOT')) {
    return new WheelgateError(
      'DISK_FULL',
      'The disk of the data folder is full',
      'Free some space or move the data folder to a larger disk; files that are there are still served.',
      error,
    );
  }
  return new WheelgateError(
    'STORE_FAILED',
    'A file in the data folder could not be read or written',
    'Check the permissions and the disk of the data folder; the log has the details.',
    error,
  );
}
