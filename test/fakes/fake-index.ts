import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * What a request meets instead of its answer: no answer at all, a closed connection, a body cut short, other bytes of the
 * same length, a body that drips (one piece per `slowMs`), or a status of choice.
 */
export type Fault = 'stall' | 'refuse' | 'cut' | 'wrong-bytes' | 'slow' | { readonly status: number };

/** What a project page says about a file beyond its name and bytes. `null` leaves out what is there by default. */
export type FakeFileOver = {
  /** PEP 700, JSON only; 2026-01-01 by default. */
  uploadTime?: Date | null;
  /** The `Last-Modified` header of the file; none by default. */
  lastModified?: Date;
  requiresPython?: string;
  yanked?: boolean | string;
  /** The METADATA member: listed as `core-metadata` and served at `<file>.metadata`. */
  metadata?: Uint8Array | string;
  /** A PEP 740 provenance object: listed and served under `/integrity/`. */
  provenance?: unknown;
  /** The digest on the page when it shall lie; `null` lists none. */
  sha256?: string | null;
  /** The size on the page (JSON only); `null` lists none. */
  size?: number | null;
  /** Host part of the file's URL, when it shall not be the index itself: `http://127.0.0.1:1`. */
  origin?: string;
};

export type FakeRequest = {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
};

export type FakeIndexOptions = {
  /** `html` is an index without upload times, sizes and status, like many internal ones. */
  mode?: 'json' | 'html';
  /** Anything else gets a 401. */
  credentials?: { user: string; password: string };
};

type FakeFile = { filename: string; bytes: Uint8Array; sha256: string; path: string; over: FakeFileOver };
type FakeProject = { name: string; files: Map<string, FakeFile>; status?: string; statusReason?: string };
type RawAnswer = { status?: number; headers?: Record<string, string>; body?: string | Uint8Array };

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

/**
 * A simple index on loopback that a test scripts: projects from bytes, faults by path, a log of what was asked.
 * Start it with `startFakeIndex()` and call `stop()` in an `after` hook.
 */
export class FakeIndex {
  mode: 'json' | 'html';
  /** `meta.api-version` of the pages. */
  apiVersion = '1.4';
  /** Pause between two pieces of a `slow` body. */
  slowMs = 50;
  readonly requests: FakeRequest[] = [];
  readonly #server: Server;
  readonly #credentials: FakeIndexOptions['credentials'];
  readonly #projects = new Map<string, FakeProject>();
  readonly #paths = new Map<string, { body: Uint8Array; type: string; lastModified?: Date }>();
  readonly #raw = new Map<string, RawAnswer>();
  readonly #faults = new Map<string, { fault: Fault; left: number }>();

  constructor(options: FakeIndexOptions) {
    this.mode = options.mode ?? 'json';
    this.#credentials = options.credentials;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error));
    });
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return this;
  }

  /** Ends every connection: from here on the port refuses. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get simpleUrl(): string {
    return `${this.origin}/simple/`;
  }

  /** Lists a project even when it has no file. `name` may be spelled in any way. */
  addProject(name: string, over: { status?: string; statusReason?: string } = {}): void {
    const key = normalise(name);
    const project = this.#projects.get(key) ?? { name, files: new Map() };
    this.#projects.set(key, Object.assign(project, over));
  }

  /** Adds or replaces a file; the path is PyPI-shaped. Returns where it is and its digest. */
  addFile(project: string, filename: string, bytes: Uint8Array, over: FakeFileOver = {}) {
    this.addProject(project);
    const sha256 = digest(bytes);
    const path = `/packages/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256.slice(4)}/${filename}`;
    this.#projects.get(normalise(project))!.files.set(filename, { filename, bytes, sha256, path, over });
    const lastModified = over.lastModified === undefined ? {} : { lastModified: over.lastModified };
    this.#paths.set(path, { body: bytes, type: 'application/octet-stream', ...lastModified });
    if (over.metadata !== undefined) {
      this.#paths.set(`${path}.metadata`, { body: Buffer.from(over.metadata), type: 'application/octet-stream' });
    }
    if (over.provenance !== undefined) {
      const body = Buffer.from(JSON.stringify(over.provenance));
      this.#paths.set(provenancePath(filename), { body, type: 'application/vnd.pypi.integrity.v1+json' });
    }
    return { sha256, path, url: `${this.origin}${path}` };
  }

  removeFile(project: string, filename: string): void {
    this.#projects.get(normalise(project))?.files.delete(filename);
  }

  /** Serves other bytes under the path of a file that stays listed as it was. */
  replaceBytes(path: string, bytes: Uint8Array): void {
    this.#paths.set(path, { body: bytes, type: 'application/octet-stream' });
  }

  /** A scripted answer for exactly this path, before everything but faults. */
  answerWith(path: string, answer: RawAnswer): void {
    this.#raw.set(path, answer);
  }

  /** From now on requests whose path contains `part` meet `fault`, `times` times (for ever by default). */
  fail(part: string, fault: Fault, times = Number.POSITIVE_INFINITY): void {
    this.#faults.set(part, { fault, left: times });
  }

  /** Takes back one fault, or all. */
  heal(part?: string): void {
    if (part === undefined) this.#faults.clear();
    else this.#faults.delete(part);
  }

  /** `GET /simple/demo/`, … in the order they came. */
  requestLines(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  #findFault(path: string): Fault | undefined {
    for (const [part, entry] of this.#faults) {
      if (!path.includes(part) || entry.left <= 0) continue;
      entry.left -= 1;
      return entry.fault;
    }
    return undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    this.requests.push({ method: request.method ?? 'GET', path, headers: request.headers });
    const fault = this.#findFault(path);
    if (fault === 'stall') return;
    if (fault === 'refuse') {
      request.socket.resetAndDestroy();
      return;
    }
    const answer =
      typeof fault === 'object'
        ? { status: fault.status, body: 'a fault that the test asked for' }
        : this.#find(request);
    let body = Buffer.from(answer.body ?? '');
    if (fault === 'wrong-bytes') body = Buffer.alloc(body.length, 0x21);
    const headers = { 'content-type': 'text/plain', 'content-length': String(body.length), ...answer.headers };
    response.writeHead(answer.status ?? 200, headers);
    if (request.method === 'HEAD' || answer.status === 304) response.end();
    else if (fault === 'cut') response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    else if (fault === 'slow') await this.#drip(response, body);
    else response.end(body);
  }

  async #drip(response: ServerResponse, body: Buffer): Promise<void> {
    const step = Math.max(1, Math.ceil(body.length / 20));
    for (let at = 0; at < body.length && !response.destroyed; at += step) {
      response.write(body.subarray(at, at + step));
      await wait(this.slowMs);
    }
    response.end();
  }

  #find(request: IncomingMessage): RawAnswer {
    const [path = '/'] = (request.url ?? '/').split('?');
    if (this.#credentials !== undefined) {
      const { user, password } = this.#credentials;
      const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      if (request.headers.authorization !== expected) {
        return { status: 401, headers: { 'www-authenticate': 'Basic realm="fake"' }, body: 'who are you?' };
      }
    }
    const raw = this.#raw.get(path);
    if (raw !== undefined) return raw;
    const file = this.#paths.get(path);
    if (file !== undefined) {
      const modified = file.lastModified === undefined ? {} : { 'last-modified': file.lastModified.toUTCString() };
      return { body: file.body, headers: { 'content-type': file.type, ...modified } };
    }
    const wantsJson = this.mode === 'json' && (request.headers.accept ?? '').includes('json');
    if (path === '/simple/') return this.#page(request, wantsJson, wantsJson ? this.#rootJson() : this.#rootHtml());
    const name = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
    const project = name === undefined ? undefined : this.#projects.get(name);
    if (project === undefined) return { status: 404, body: 'not here' };
    return this.#page(request, wantsJson, wantsJson ? this.#projectJson(project) : this.#projectHtml(project));
  }

  #page(request: IncomingMessage, isJson: boolean, body: string): RawAnswer {
    const etag = `"${digest(Buffer.from(body)).slice(0, 24)}"`;
    const headers = { 'content-type': isJson ? JSON_TYPE : 'text/html', etag, vary: 'Accept' };
    return request.headers['if-none-match'] === etag ? { status: 304, headers } : { body, headers };
  }

  #fileUrl(file: FakeFile): string {
    return `${file.over.origin ?? this.origin}${file.path}`;
  }

  #rootJson(): string {
    const projects = [...this.#projects.values()].map(({ name }) => ({ name }));
    return JSON.stringify({ meta: { 'api-version': this.apiVersion }, projects });
  }

  #rootHtml(): string {
    const links = [...this.#projects].map(([key, { name }]) => `<a href="/simple/${key}/">${name}</a>`);
    return `<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`;
  }

  #projectJson(project: FakeProject): string {
    const files = [...project.files.values()].map((file) => {
      const { over } = file;
      const sha256 = over.sha256 === undefined ? file.sha256 : over.sha256;
      const size = over.size === undefined ? file.bytes.length : over.size;
      const uploadTime = over.uploadTime === undefined ? new Date('2026-01-01T00:00:00Z') : over.uploadTime;
      const metadata = over.metadata === undefined ? undefined : { sha256: digest(Buffer.from(over.metadata)) };
      return {
        filename: file.filename,
        url: this.#fileUrl(file),
        hashes: sha256 === null ? {} : { sha256 },
        ...(size === null ? {} : { size }),
        ...(uploadTime === null ? {} : { 'upload-time': uploadTime.toISOString() }),
        'requires-python': over.requiresPython ?? null,
        yanked: over.yanked ?? false,
        'core-metadata': metadata ?? false,
        provenance: over.provenance === undefined ? null : `${this.origin}${provenancePath(file.filename)}`,
      };
    });
    const versions = [
      ...new Set(files.map(({ filename }) => filename.replace(/\.tar\.gz$|\.zip$/, '').split('-')[1] ?? '')),
    ];
    const status = { status: project.status ?? 'active' };
    const reason = project.statusReason === undefined ? {} : { reason: project.statusReason };
    return JSON.stringify({
      meta: { 'api-version': this.apiVersion },
      name: normalise(project.name),
      versions,
      'project-status': { ...status, ...reason },
      files,
    });
  }

  #projectHtml(project: FakeProject): string {
    const links = [...project.files.values()].map((file) => {
      const { over } = file;
      const sha256 = over.sha256 === undefined ? file.sha256 : over.sha256;
      const yanked = over.yanked === true ? '' : over.yanked === false ? undefined : over.yanked;
      const metadata = over.metadata === undefined ? undefined : `sha256=${digest(Buffer.from(over.metadata))}`;
      const attributes = [
        ['href', `${this.#fileUrl(file)}${sha256 === null ? '' : `#sha256=${sha256}`}`],
        ['data-requires-python', over.requiresPython],
        ['data-yanked', yanked],
        ['data-core-metadata', metadata],
      ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${escapeHtml(value)}"`]));
      return `<a ${attributes.join(' ')}>${file.filename}</a><br/>`;
    });
    return `<!DOCTYPE html><html><body>\n${links.join('\n')}\n</body></html>`;
  }
}

/** Starts a fake index on a free port (or the one given). */
export function startFakeIndex(options: FakeIndexOptions & { port?: number } = {}): Promise<FakeIndex> {
  return new FakeIndex(options).start(options.port);
}

function provenancePath(filename: string): string {
  const [name, version] = filename.split('-');
  return `/integrity/${name}/${version}/${filename}/provenance`;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
