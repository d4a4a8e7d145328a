import { WheelgateError } from '../../core/errors.ts';

/** What a failed call to the database means to a person. Errors that are already meant for people pass. */
export function storeError(error: unknown): WheelgateError {
  if (error instanceof WheelgateError) return error;
  switch (primaryCode(error)) {
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
    case SQLITE.PROTOCOL:
      return new WheelgateError(
        'STORE_FAILED',
        'Another process is writing to the database and does not finish',
        'Try again; if it stays, see which other wheelgate process uses this data folder.',
        error,
      );
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return damaged('The database is damaged', error);
    case SQLITE.FULL:
      return new WheelgateError(
        'DISK_FULL',
        'The disk of the data folder is full',
        'Free some space or move the data folder to a larger disk; files that are there are still served.',
        error,
      );
    case SQLITE.PERM:
    case SQLITE.READONLY:
    case SQLITE.CANTOPEN:
    case SQLITE.AUTH:
      return new WheelgateError(
        'STORE_FAILED',
        'The database cannot be opened for writing',
        'Check that the data folder exists and that its files belong to the user who runs wheelgate.',
        error,
      );
    default:
      return new WheelgateError(
        'STORE_FAILED',
        'The database refused an operation',
        'The log has the details; check the disk of the data folder.',
        error,
      );
  }
}

/** What failed while a database was opened: nothing is served then, and SQLite needs some room even to read. */
export function openingError(error: unknown): WheelgateError {
  const code = error instanceof WheelgateError ? undefined : primaryCode(error);
  if (code !== SQLITE.FULL && code !== SQLITE.IOERR) return storeError(error);
  return new WheelgateError(
    'DISK_FULL',
    'The database cannot be opened, because the disk of the data folder is full or fails',
    'Free at least 1 MB there (a few MB for a new data folder), or move the data folder to another disk, and start again.',
    error,
  );
}

/** True when somebody else holds the lock: worth another try. */
export function isBusy(error: unknown): boolean {
  const cause = error instanceof WheelgateError ? error.cause : error;
  const code = primaryCode(cause);
  return code === SQLITE.BUSY || code === SQLITE.LOCKED || code === SQLITE.PROTOCOL;
}

/** For content that no version of this program wrote. */
export function damaged(what: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'STORE_FAILED',
    what,
    'Stop wheelgate and restore the data folder from a backup. Without one, move wheelgate.db away: files are then judged again, but approvals and the audit log in it are lost.',
    cause,
  );
}

/** Result codes of SQLite that we tell apart (sqlite.org/rescode.html); extended codes have them in the low byte. */
const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  AUTH: 23,
  NOTADB: 26,
} as const;

function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('rawCode' in error && typeof error.rawCode === 'number') return error.rawCode & 0xff;
  // libsql reports a file that it cannot open as text only.
  const opening = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(error.message);
  return opening ? Number(opening[1]) & 0xff : undefined;
}
