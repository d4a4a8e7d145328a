import { EnvHttpProxyAgent, errors, request } from 'undici';
import type { Endpoint, RawInput } from '../api/endpoint.ts';
import { ENDPOINTS, type EndpointName } from '../api/endpoints.ts';
import type { CallOptions, GateApi } from '../api/gate-api.ts';
import { problemSchema } from '../api/problem.ts';
import { type ErrorCode, InputError, WheelgateError } from '../core/errors.ts';

export type ApiClientOptions = {
  /** Root of the gate, `https://gate.example.com`; credentials do not belong into it. */
  readonly url: string;
  readonly token?: string;
  readonly proxy?: { readonly http?: string; readonly https?: string; readonly none?: string };
  /** Of Wheelgate, for the User-Agent. */
  readonly version: string;
};

/** To connect, to answer, and between two pieces of an answer. A first inspection may take a while. */
const CONNECT_MS = 10_000;
const ANSWER_MS = 120_000;
/** Of one answer: lists come in pages. */
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

/** The operations of a gate over HTTP. */
export function createApiClient({ url, token, proxy, version }: ApiClientOptions): GateApi {
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy?.http ?? '',
    httpsProxy: proxy?.https ?? '',
    noProxy: proxy?.none ?? '',
    connect: { timeout: CONNECT_MS },
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
  });

  async function call(name: EndpointName, input: RawInput, { ifMatch }: CallOptions = {}): Promise<unknown> {
    const endpoint: Endpoint = ENDPOINTS[name];
    const body = input.body === undefined ? undefined : JSON.stringify(input.body);
    const { status, text } = await ask(`${url}/api/v1${pathOf(endpoint, input)}`, endpoint.method, body, {
      accept: 'application/json, application/problem+json',
      'user-agent': `wheelgate/${version}`,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    });
    if (status < 200 || status > 299) throw refusalOf(status, text, url);
    const answer = endpoint.response.safeParse(parseJson(text));
    if (!answer.success) throw strangeAnswer(url, status, answer.error);
    return answer.data;
  }

  return { call: call as GateApi['call'], close: () => dispatcher.destroy() };

  async function ask(
    address: string,
    method: Endpoint['method'],
    sent: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ status: number; text: string }> {
    try {
      const { statusCode, body } = await request(address, { dispatcher, method, headers, body: sent ?? null });
      return { status: statusCode, text: await body.text() };
    } catch (error) {
      throw unreachable(url, error);
    }
  }
}

function pathOf({ path }: Endpoint, { params, query }: RawInput): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown> | undefined)?.[name])),
  );
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) asked.set(name, String(value));
  return asked.size === 0 ? filled : `${filled}?${asked}`;
}

/** The error that the server wrote down, as if it had been thrown here: commands end as they do without a server. */
function refusalOf(status: number, text: string, url: string): WheelgateError {
  const problem = problemSchema.safeParse(parseJson(text));
  if (!problem.success) return strangeAnswer(url, status, text.slice(0, 500));
  const { title, detail, code = 'SERVER_FAILED', errors: fields = [] } = problem.data;
  // A code of a newer server ends a command like every other that has no exit code of its own.
  return fields.length > 0 ? new InputError(fields) : new WheelgateError(code as ErrorCode, title, detail);
}

function strangeAnswer(url: string, status: number, cause: unknown): WheelgateError {
  return new WheelgateError(
    'SERVER_FAILED',
    `${url} answered ${status} with something that this program does not understand`,
    'Check WHEELGATE_URL: it is the root of a gate, without /simple/; a login page of a proxy answers like this too.',
    cause,
  );
}

function unreachable(url: string, error: unknown): WheelgateError {
  const isLate =
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError;
  const code: ErrorCode = 'SERVER_UNREACHABLE';
  const reason = isLate ? 'did not answer in time' : `cannot be reached (${causeOf(error)})`;
  return new WheelgateError(code, `${url} ${reason}`, 'Check WHEELGATE_URL and that the gate runs.', error);
}

function causeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
