/**
 * Every way in which Wheelgate refuses input or fails, as a closed list: docs/errors.md explains each one, and a test
 * keeps the two in step.
 */
export type ErrorCode =
  | 'ADVISORY_INVALID'
  | 'ARCHIVE_UNREADABLE'
  | 'CONFIG_INVALID'
  | 'CONFLICT'
  | 'DIGEST_MISMATCH'
  | 'DISK_FULL'
  | 'FEED_INVALID'
  | 'FEED_UNREACHABLE'
  | 'FILENAME_INVALID'
  | 'FILE_TOO_LARGE'
  | 'FORBIDDEN'
  | 'INPUT_INVALID'
  | 'INPUT_UNREADABLE'
  | 'INSPECTION_FAILED'
  | 'MARKER_INVALID'
  | 'NAME_INVALID'
  | 'NOT_FOUND'
  | 'PAGE_INVALID'
  | 'POLICY_INVALID'
  | 'PRECONDITION_FAILED'
  | 'PURL_INVALID'
  | 'RATE_LIMITED'
  | 'REPORT_REFUSED'
  | 'REPORT_UNSENT'
  | 'REQUIREMENT_INVALID'
  | 'REVIEW_CLOSED'
  | 'REVIEW_REFUSED'
  | 'RESOLUTION_FAILED'
  | 'SERVER_FAILED'
  | 'SERVER_UNREACHABLE'
  | 'SHARED_REVIEWS_INVALID'
  | 'SPECIFIER_INVALID'
  | 'STORE_FAILED'
  | 'UNAUTHENTICATED'
  | 'UPSTREAM_FAILED'
  | 'UPSTREAM_REFUSED'
  | 'UPSTREAM_TIMEOUT'
  | 'USAGE'
  | 'VERSION_INVALID';

/**
 * An error that a person may read. `message` says what happened and `help` what to do; both are shown to users.
 * Hosts, tokens and stacks stay in `cause`, which is only logged.
 */
export class WheelgateError extends Error {
  readonly code: ErrorCode;
  readonly help: string;

  constructor(code: ErrorCode, message: string, help: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'WheelgateError';
    this.code = code;
    this.help = help;
  }
}

/** What is wrong with one field of an input: `body.reason`, `query.limit`. */
export type FieldProblem = { readonly path: string; readonly message: string };

/** Input that does not fit its schema, field by field. */
export class InputError extends WheelgateError {
  readonly fields: readonly FieldProblem[];

  constructor(fields: readonly FieldProblem[]) {
    super(
      'INPUT_INVALID',
      fields.map(({ path, message }) => `${path}: ${message}`).join('; '),
      'GET /api/v1/openapi.json says what every operation takes; of a command, --help.',
    );
    this.fields = fields;
  }
}

/** True when `error` is a WheelgateError with this code. */
export function hasCode(error: unknown, code: ErrorCode): error is WheelgateError {
  return error instanceof WheelgateError && error.code === code;
}

/** The compiler refuses a call while a union member is unhandled; bad data from disk throws. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
