import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, type FieldProblem, InputError, WheelgateError } from '../core/errors.ts';
import { RATE_WINDOW_SECONDS } from './rate-limit.ts';

/** RFC 9457. uv shows `title` and `detail`, and only when the content type is exactly this. */
const PROBLEM_TYPE = 'application/problem+json';

export type Problem = {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Where a person reads more. */
  readonly instance?: string;
  /** HTTP/1.1 reason phrase; printable ASCII (pip shows this and nothing else). */
  readonly phrase?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What programs tell problems apart by; the API sends it. */
  readonly code?: ErrorCode;
  readonly errors?: readonly FieldProblem[];
};

/** Writes a problem with its reason phrase. The raw response is used because frameworks append a charset, which uv rejects. */
export function sendProblem(response: ServerResponse, problem: Problem, headOnly: boolean): void {
  const { status, title, phrase, headers } = problem;
  const body = Buffer.from(JSON.stringify(problemDocument(problem)));
  response.writeHead(status, phrase ?? title.replace(/[^\x20-\x7e]/g, '?').slice(0, 150), {
    'content-type': PROBLEM_TYPE,
    'content-length': body.length,
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(headOnly ? undefined : body);
}

/** The body of a problem. */
function problemDocument({ status, title, detail, instance, code, errors }: Problem) {
  return {
    type: 'about:blank',
    status,
    title,
    detail,
    ...(instance && { instance }),
    ...(code && { code }),
    ...(errors && { errors: [...errors] }),
  };
}

/** Answers what is not even a request, on the bare connection, and ends it. */
export function endWithProblem(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problemDocument(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** What a client is told whose bytes the HTTP parser refused. @param code of Node's parser */
export function malformed(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        title: 'Request header fields too large',
        detail: 'Send shorter headers or a shorter URL.',
      };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, title: 'The request did not come in time', detail: 'Send it again.' };
    default:
      return { status: 400, title: 'This is no HTTP request', detail: 'Send a request of HTTP/1.1 or HTTP/1.0.' };
  }
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  INPUT_INVALID: 400,
  CONFLICT: 409,
  PRECONDITION_FAILED: 412,
  RATE_LIMITED: 429,
  NAME_INVALID: 404,
  NOT_FOUND: 404,
  FILENAME_INVALID: 404,
  UPSTREAM_FAILED: 503,
  UPSTREAM_REFUSED: 503,
  UPSTREAM_TIMEOUT: 503,
  PAGE_INVALID: 503,
  DISK_FULL: 503,
  STORE_FAILED: 503,
  DIGEST_MISMATCH: 403,
  FILE_TOO_LARGE: 403,
  REVIEW_CLOSED: 409,
  REVIEW_REFUSED: 403,
  PURL_INVALID: 400,
  VERSION_INVALID: 400,
  USAGE: 400,
};

const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  // Installers send what stands in the index URL; what they learn from this is that there is something to send.
  401: { 'www-authenticate': 'Basic realm="Wheelgate"' },
  429: { 'retry-after': String(RATE_WINDOW_SECONDS) },
  503: { 'retry-after': '3' },
};

/** What a failed request tells its client: the error's own words, never its cause. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof WheelgateError)) {
    return { status: 500, title: 'Wheelgate failed', detail: 'An unexpected error; the server log has the details.' };
  }
  const status = STATUS[error.code] ?? 500;
  return {
    status,
    title: error.message,
    detail: error.help,
    phrase: `Wheelgate: ${error.message}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 150),
    ...(HEADERS[status] && { headers: HEADERS[status] }),
  };
}

/** The same with what programs need to tell problems apart. */
export function apiProblemOf(error: unknown): Problem {
  return {
    ...problemOf(error),
    ...(error instanceof WheelgateError && { code: error.code }),
    ...(error instanceof InputError && { errors: error.fields }),
  };
}
