import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, WheelgateError } from '../core/errors.ts';

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
};

/** Writes a problem with its reason phrase. The raw response is used because frameworks append a charset, which uv rejects. */
export function sendProblem(response: ServerResponse, problem: Problem, headOnly: boolean): void {
  const { status, title, detail, instance, phrase, headers } = problem;
  const body = Buffer.from(
    JSON.stringify({ type: 'about:blank', status, title, detail, ...(instance && { instance }) }),
  );
  response.writeHead(status, phrase ?? title.replace(/[^\x20-\x7e]/g, '?').slice(0, 150), {
    'content-type': PROBLEM_TYPE,
    'content-length': body.length,
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(headOnly ? undefined : body);
}

/** Answers what is not even a request, on the bare connection, and ends it. */
export function endWithProblem(socket: Duplex, { status, title, detail }: Problem): void {
  const body = JSON.stringify({ type: 'about:blank', status, title, detail });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
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
    ...(status === 503 && { headers: { 'retry-after': '3' } }),
  };
}
