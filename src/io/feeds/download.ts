import { EnvHttpProxyAgent, getGlobalDispatcher, request } from 'undici';
import type { FeedValidators } from '../../core/advisories/advisory-store.ts';
import { WheelgateError } from '../../core/errors.ts';
import type { FeedLimits } from './limits.ts';

export type Download =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly validators: FeedValidators }
  | { readonly kind: 'not-modified' };

/** Proxies by the scheme of the address, and hosts to reach without one, as in `NO_PROXY`. */
export type FeedProxy = { readonly http?: string; readonly https?: string; readonly none?: string };

const MAX_REDIRECTS = 3;

/**
 * Fetches a feed over HTTP. User and password in the address become Basic authorisation, for its own origin only.
 * @param validators those of the last download, to be told when nothing changed
 * @throws {WheelgateError} FEED_UNREACHABLE when there is no good answer in time, FEED_INVALID past `maxBytes`
 */
export async function download(
  address: URL,
  validators: FeedValidators,
  limits: FeedLimits,
  signal: AbortSignal,
  proxy?: FeedProxy,
): Promise<Download> {
  const dispatcher = proxy ? proxyAgent(proxy) : getGlobalDispatcher();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limits.deadlineMs)]);
  try {
    let url = address;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const { statusCode, headers, body } = await request(withoutUser(url), {
        headers: requestHeaders(url, address, validators),
        headersTimeout: limits.silenceMs,
        bodyTimeout: limits.silenceMs,
        signal: deadline,
        dispatcher,
      });
      if (statusCode === 200) {
        const bytes = await readAtMost(body, limits.maxBytes, Number(first(headers['content-length']) ?? 0));
        return { kind: 'bytes', bytes, validators: responseValidators(headers) };
      }
      await body.dump();
      if (statusCode === 304) return { kind: 'not-modified' };
      const location = first(headers.location);
      if (statusCode < 300 || statusCode > 399 || location === undefined) {
        throw unreachableFeed(`answered with status ${statusCode}`);
      }
      url = redirectTarget(location, url);
    }
    throw unreachableFeed('redirects without end');
  } catch (error) {
    if (error instanceof WheelgateError) throw error;
    if (signal.aborted) throw signal.reason;
    throw unreachableFeed('did not answer in time or broke off', error);
  }
}

/** One per set of proxies: an update of many records keeps its connections. */
const agents = new Map<string, EnvHttpProxyAgent>();

function proxyAgent(proxy: FeedProxy): EnvHttpProxyAgent {
  // Empty texts, so that undici does not look into the environment by itself.
  const { http = '', https = '', none = '' } = proxy;
  const key = [http, https, none].join('\n');
  const agent = agents.get(key) ?? new EnvHttpProxyAgent({ httpProxy: http, httpsProxy: https, noProxy: none });
  agents.set(key, agent);
  return agent;
}

async function readAtMost(body: AsyncIterable<Uint8Array>, maxBytes: number, announced: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by an exception closes the connection.
  for await (const chunk of body) {
    size += chunk.length;
    if (Math.max(size, announced) > maxBytes) throw feedTooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function feedTooLarge(maxBytes: number): WheelgateError {
  return new WheelgateError(
    'FEED_INVALID',
    `The advisory feed has more than ${maxBytes} bytes.`,
    'Name the PyPI part of the database, not all of it.',
  );
}

function requestHeaders(url: URL, address: URL, { etag, lastModified }: FeedValidators): Record<string, string> {
  const { username, password } = address;
  const ours = url.origin === address.origin && (username !== '' || password !== '');
  const user = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return {
    accept: 'application/zip, application/octet-stream;q=0.9, */*;q=0.1',
    'user-agent': 'wheelgate',
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
    ...(ours && { authorization: `Basic ${user}` }),
  };
}

function withoutUser(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function redirectTarget(location: string, from: URL): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const downgrade = from.protocol === 'https:' && url?.protocol !== 'https:';
  if (url === undefined || downgrade || !/^https?:$/.test(url.protocol)) {
    throw unreachableFeed('redirects to an address that is not followed');
  }
  return url;
}

function responseValidators(headers: Record<string, string | string[] | undefined>): FeedValidators {
  const etag = first(headers.etag);
  const lastModified = first(headers['last-modified']);
  return { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
}

function first(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

function unreachableFeed(what: string, cause?: unknown): WheelgateError {
  return new WheelgateError(
    'FEED_UNREACHABLE',
    `The advisory feed ${what}.`,
    'Check its address under [feeds] and the way to it, or import a file with `wheelgate feeds import`.',
    cause,
  );
}
