import { WheelgateError } from '../../core/errors.ts';

const RESET = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
const TIMEOUT = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** The connection ended without an answer: worth one more try for what may be asked twice. */
export function isReset(error: unknown): boolean {
  return codesOf(error).some((code) => RESET.has(code));
}

/**
 * What a person is told about a failed request. The original error, which may name hosts, goes into `cause` only.
 * @param upstream its name, without credentials
 */
export function upstreamError(error: unknown, upstream: string): WheelgateError {
  const own = [error, causeOf(error)].find((each) => each instanceof WheelgateError);
  if (own !== undefined) return own;
  const codes = codesOf(error);
  const names = [error, causeOf(error)].map((each) => (each instanceof Error ? each.name : ''));
  if (codes.some((code) => TIMEOUT.has(code)) || names.includes('TimeoutError')) {
    const help = 'Try again in a moment; if it stays, look at the upstream and the network.';
    return new WheelgateError('UPSTREAM_TIMEOUT', `Upstream ${upstream} did not answer in time`, help, error);
  }
  if (names.includes('AbortError')) {
    return new WheelgateError(
      'UPSTREAM_FAILED',
      `The request to upstream ${upstream} was given up`,
      'Try again.',
      error,
    );
  }
  const why = isReset(error)
    ? 'closed the connection'
    : codes.includes('ECONNREFUSED')
      ? 'refused the connection'
      : codes.some((code) => code === 'ENOTFOUND' || code === 'EAI_AGAIN')
        ? 'has a name that cannot be looked up'
        : codes.some((code) => /CERT|SIGNATURE|ERR_TLS|SELF_SIGNED/.test(code))
          ? 'has a certificate that is not trusted'
          : 'could not be read';
  const help = why.includes('certificate')
    ? 'Name the file with the company CA in NODE_EXTRA_CA_CERTS, or as `cert` in the configuration of pip.'
    : 'Try again in a moment; if it stays, look at the upstream and the network.';
  return new WheelgateError('UPSTREAM_FAILED', `Upstream ${upstream} ${why}`, help, error);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function codesOf(error: unknown): string[] {
  const all = [error, causeOf(error), ...(error instanceof AggregateError ? error.errors : [])];
  return all.flatMap((each) => {
    const code = typeof each === 'object' && each !== null && 'code' in each ? each.code : undefined;
    return typeof code === 'string' ? [code] : [];
  });
}
