import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { WheelgateError } from '../../core/errors.ts';
import { AllowedHosts } from './allowed-hosts.ts';
import { splitCredentials } from './credentials.ts';
import { isReset, upstreamError } from './upstream-error.ts';

export type HttpOptions = {
  /** Further hosts that may serve its files; see `AllowedHosts`. */
  readonly fileHosts?: readonly string[];
  readonly defaultFileHosts?: readonly string[];
  /** PEM of the certificate authorities to trust instead of Node's own. */
  readonly ca?: string;
  /** Proxies by the upstream's scheme, and hosts to reach without one, as in `NO_PROXY`. */
  readonly proxy?: { readonly http?: string; readonly https?: string; readonly none?: string };
  /** Largest file, in bytes; 2 GiB by default. */
  readonly maxFileBytes?: number;
  /** A page must be there, whole, after this; 12 s by default, so that the gate can say 503 within 15 s. */
  readonly pageTimeoutMs?: number;
  /** Longest silence within a file; 12 s by default. Before its first byte never more than 8 s. */
  readonly idleTimeoutMs?: number;
};

/** A small document, read whole. */
export type Document = {
  readonly bytes: Buffer;
  /** Media type in lower case without parameters; empty when the upstream gave none. */
  readonly contentType: string;
  readonly charset?: string;
  readonly etag?: string;
  /** After redirects. */
  readonly url: string;
};

const MAX_PAGE_BYTES = 64 * 2 ** 20;
const MAX_FILE_BYTES = 2 * 2 ** 30;
const PAGE_TIMEOUT_MS = 12_000;
const IDLE_TIMEOUT_MS = 12_000;
/** Less than pip waits for a first inspection: it then reads that the upstream hangs, not that the gate is busy. */
const FIRST_BYTE_TIMEOUT_MS = 8_000;
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_REDIRECTS = 5;
const USER_AGENT = 'wheelgate (package firewall)';

type Headers = Readonly<Record<string, string>>;
type Limit = { readonly bytes: number; readonly error: () => WheelgateError };
type Body = Dispatcher.ResponseData['body'];
type Answer = { status: number; headers: Dispatcher.ResponseData['headers']; body: Body; url: URL };

/**
 * All HTTP towards one upstream: hosts are checked on every hop, credentials go to the upstream's own origin only, time
 * and size are bounded. Every failure is an UPSTREAM_* error that names the upstream without credentials.
 */
export class HttpClient {
  /** The upstream's address without credentials. */
  readonly url: URL;
  readonly #authorization: string | undefined;
  readonly #hosts: AllowedHosts;
  readonly #maxFileBytes: number;
  readonly #pageTimeoutMs: number;
  // Apart, so that no page waits for a connection behind stalled downloads.
  readonly #forPages: Dispatcher;
  readonly #forFiles: Dispatcher;

  constructor(location: string, options: HttpOptions) {
    const { url, authorization } = splitCredentials(location);
    this.url = url;
    this.#authorization = authorization;
    this.#hosts = new AllowedHosts(url, options.fileHosts ?? [], options.defaultFileHosts ?? []);
    this.#maxFileBytes = options.maxFileBytes ?? MAX_FILE_BYTES;
    this.#pageTimeoutMs = options.pageTimeoutMs ?? PAGE_TIMEOUT_MS;
    const idleTimeoutMs = options.idleTimeoutMs ?? IDLE_TIMEOUT_MS;
    this.#forPages = dispatcher(this.#hosts, options, idleTimeoutMs);
    this.#forFiles = dispatcher(this.#hosts, options, idleTimeoutMs);
  }

  get name(): string {
    return this.url.href;
  }

  /**
   * Reads a page or another small document.
   * @returns 'absent' for 404 and 410, 'not-modified' for 304
   * @throws {WheelgateError} UPSTREAM_FAILED for any other status, UPSTREAM_TIMEOUT, UPSTREAM_REFUSED
   */
  async read(url: URL, headers: Headers, signal?: AbortSignal): Promise<Document | 'absent' | 'not-modified'> {
    const timeout = AbortSignal.timeout(this.#pageTimeoutMs);
    const limits = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    try {
      return await this.#read(url, headers, limits);
    } catch (error) {
      // A kept-alive connection may die the moment it is used again: one more try, no more.
      if (!isReset(error) || limits.aborted) throw upstreamError(error, this.name);
    }
    try {
      return await this.#read(url, headers, limits);
    } catch (error) {
      throw upstreamError(error, this.name);
    }
  }

  /** The bytes of a file as they are sent, at most `maxFileBytes`. A body that ends early throws. */
  async open(url: URL, signal: AbortSignal): Promise<{ body: AsyncIterable<Uint8Array>; size?: number }> {
    let answer: Answer;
    try {
      answer = await this.#follow('GET', url, { 'accept-encoding': 'identity' }, signal, this.#forFiles);
    } catch (error) {
      throw upstreamError(error, this.name);
    }
    if (answer.status !== 200) {
      discard(answer.body);
      throw this.#unexpected(answer);
    }
    const size = contentLength(answer);
    if (size !== undefined && size > this.#maxFileBytes) {
      discard(answer.body);
      throw this.#fileTooLarge();
    }
    const limit = { bytes: this.#maxFileBytes, error: () => this.#fileTooLarge() };
    return { body: this.#counted(answer.body, size, limit), ...(size !== undefined && { size }) };
  }

  /** Answer headers of a HEAD request; undefined when the upstream will not say (any 4xx). */
  async head(url: URL, signal: AbortSignal): Promise<Dispatcher.ResponseData['headers'] | undefined> {
    const limits = AbortSignal.any([AbortSignal.timeout(this.#pageTimeoutMs), signal]);
    try {
      const answer = await this.#follow('HEAD', url, { 'accept-encoding': 'identity' }, limits, this.#forPages);
      discard(answer.body);
      if (answer.status === 200) return answer.headers;
      if (answer.status >= 400 && answer.status < 500) return undefined;
      throw this.#unexpected(answer);
    } catch (error) {
      throw upstreamError(error, this.name);
    }
  }

  async #read(url: URL, headers: Headers, signal: AbortSignal): Promise<Document | 'absent' | 'not-modified'> {
    const answer = await this.#follow('GET', url, { ...headers, 'accept-encoding': 'gzip' }, signal, this.#forPages);
    const { status, body } = answer;
    if (status !== 200) {
      discard(body);
      if (status === 404 || status === 410) return 'absent';
      if (status === 304 && headers['if-none-match'] !== undefined) return 'not-modified';
      throw this.#unexpected(answer);
    }
    const [type = '', ...parameters] = headerText(answer, 'content-type').split(';');
    const charset = /^\s*charset\s*=\s*"?([\w-]+)"?\s*$/i.exec(parameters[0] ?? '')?.[1];
    const etag = headerText(answer, 'etag');
    return {
      bytes: await this.#collect(answer),
      contentType: type.trim().toLowerCase(),
      url: answer.url.href,
      ...(charset !== undefined && { charset }),
      ...(etag !== '' && { etag }),
    };
  }

  /** Follows redirects by hand: each hop is checked, and credentials stay with their origin. */
  async #follow(
    method: 'GET' | 'HEAD',
    start: URL,
    headers: Headers,
    signal: AbortSignal,
    dispatcher: Dispatcher,
  ): Promise<Answer> {
    let url = start;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      this.#hosts.check(url, this.name);
      const own = url.origin === this.url.origin && this.#authorization !== undefined;
      const { statusCode: status, ...answer } = await request(url, {
        method,
        headers: { 'user-agent': USER_AGENT, ...headers, ...(own && { authorization: this.#authorization }) },
        signal,
        dispatcher,
        // undici ends the connection after a HEAD, and a page without upload times takes hundreds of them.
        reset: false,
      });
      const { location } = answer.headers;
      const isRedirect = [301, 302, 303, 307, 308].includes(status) && typeof location === 'string';
      if (!isRedirect) return { status, headers: answer.headers, body: answer.body, url };
      discard(answer.body);
      if (!URL.canParse(location, url.href)) throw this.#failed('redirects to what is no address');
      url = splitCredentials(new URL(location, url).href).url;
    }
    throw this.#failed(`redirects more than ${MAX_REDIRECTS} times`);
  }

  async #collect(answer: Answer): Promise<Buffer> {
    const encoding = headerText(answer, 'content-encoding').toLowerCase();
    if (!['', 'identity', 'gzip', 'x-gzip'].includes(encoding)) {
      discard(answer.body);
      throw this.#failed('compresses in a way that was not asked for');
    }
    // The sent bytes are counted as well as the unpacked ones: neither may be large.
    const limit = { bytes: MAX_PAGE_BYTES, error: () => this.#pageTooLarge() };
    const sent = this.#counted(answer.body, contentLength(answer), limit);
    const collect = async (body: AsyncIterable<Uint8Array>) => {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of body) {
        size += chunk.length;
        if (size > MAX_PAGE_BYTES) throw this.#pageTooLarge();
        chunks.push(chunk);
      }
      return Buffer.concat(chunks, size);
    };
    return encoding.endsWith('gzip') ? pipeline(sent, createGunzip(), collect) : collect(sent);
  }

  async *#counted(body: Body, size: number | undefined, limit: Limit): AsyncGenerator<Uint8Array> {
    let count = 0;
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        count += chunk.length;
        if (count > limit.bytes) throw limit.error();
        yield chunk;
      }
    } catch (error) {
      throw upstreamError(error, this.name);
    }
    if (size !== undefined && count !== size) throw this.#failed(`promised ${size} bytes and sent ${count}`);
  }

  #unexpected({ status }: Answer): WheelgateError {
    const help =
      status === 401 || status === 403
        ? 'Check the credentials in the address of this upstream.'
        : 'Try again; if it stays, look at the upstream.';
    return new WheelgateError('UPSTREAM_FAILED', `Upstream ${this.name} answered ${status}`, help);
  }

  #failed(what: string): WheelgateError {
    return new WheelgateError(
      'UPSTREAM_FAILED',
      `Upstream ${this.name} ${what}`,
      'Try again; if it stays, look at the upstream.',
    );
  }

  #fileTooLarge(): WheelgateError {
    const message = `Upstream ${this.name} sends a file of more than the ${this.#maxFileBytes} bytes allowed`;
    return new WheelgateError('FILE_TOO_LARGE', message, 'Raise `limits.file` if the file is meant to be that large.');
  }

  #pageTooLarge(): WheelgateError {
    return this.#failed(`sends a page of more than ${MAX_PAGE_BYTES} bytes`);
  }
}

function dispatcher(hosts: AllowedHosts, { ca, proxy }: HttpOptions, idleTimeoutMs: number): Dispatcher {
  const tls = ca === undefined ? {} : { ca };
  const options = {
    connect: { ...tls, timeout: CONNECT_TIMEOUT_MS, lookup: hosts.lookup },
    connections: 32,
    headersTimeout: Math.min(idleTimeoutMs, FIRST_BYTE_TIMEOUT_MS),
    bodyTimeout: idleTimeoutMs,
    keepAliveTimeout: 10_000,
  };
  if (proxy === undefined) return new Agent(options);
  // Empty texts, so that undici does not look into the environment by itself.
  const { http = '', https = '', none = '' } = proxy;
  return new EnvHttpProxyAgent({ ...options, requestTls: tls, httpProxy: http, httpsProxy: https, noProxy: none });
}

/** Reads a small rest, so that the connection can be used again; a large one is cut off. */
function discard(body: Body): void {
  body.dump({ limit: 16_384 }).catch(() => undefined);
}

function headerText({ headers }: Pick<Answer, 'headers'>, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : '';
}

function contentLength(answer: Answer): number | undefined {
  const raw = headerText(answer, 'content-length');
  return /^\d{1,15}$/.test(raw) ? Number(raw) : undefined;
}
