import { createHash } from 'node:crypto';
import { WheelgateError } from '../../src/core/errors.ts';
import type { IndexFile, ProjectPage, ProjectStatus } from '../../src/core/index/page.ts';
import { parseProjectName } from '../../src/core/python/name.ts';
import { parseSha256 } from '../../src/core/sha256.ts';
import type { PageAnswer, Upstream } from '../../src/gate/ports.ts';
import { daysAgo } from '../builders/an-evidence.ts';

type Method = 'readPage' | 'openFile' | 'lastModified' | 'readProvenance' | 'listProjects';
type Trouble = { readonly error: Error } | { readonly until: Promise<void> };

/** The file as its page lists it; undefined leaves out what is there by default. */
export type UpstreamFileOver = { [Key in keyof IndexFile]?: IndexFile[Key] | undefined };

export const upstreamDown = new WheelgateError('UPSTREAM_FAILED', 'Upstream refused the connection', 'Try again.');

/** An upstream in memory that a test scripts: pages, bytes, what was asked, and what fails or hangs. */
export class FakeUpstream implements Upstream {
  readonly name: string;
  /** `readPage demo`, `openFile demo-1.0-py3-none-any.whl`, … in the order they came. */
  readonly calls: string[] = [];
  /** By file name. */
  readonly modified = new Map<string, Date>();
  readonly provenance = new Map<string, Uint8Array>();
  readonly #pages = new Map<string, { page: ProjectPage; version: number }>();
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #troubles = new Map<Method, Trouble>();

  constructor(name = 'https://upstream.test/simple/') {
    this.name = name;
  }

  /** Lists a file that was uploaded 100 days ago, under a PyPI-shaped URL, after removing what had its name. */
  addFile(project: string, filename: string, bytes: Uint8Array, over: UpstreamFileOver = {}): IndexFile {
    const sha256 = parseSha256(createHash('sha256').update(bytes).digest('hex'));
    const url = `https://files.test/packages/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256.slice(4)}/${filename}`;
    const said = { filename, url, sha256, size: bytes.length, uploadTime: daysAgo(100), ...over };
    const file = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as IndexFile;
    this.#bytes.set(file.url, bytes);
    this.#change(project, ({ files }) => ({ files: [...files.filter((one) => one.filename !== filename), file] }));
    return file;
  }

  removeFile(project: string, filename: string): void {
    this.#change(project, ({ files }) => ({ files: files.filter((one) => one.filename !== filename) }));
  }

  setStatus(project: string, status: ProjectStatus): void {
    this.#change(project, () => ({ status }));
  }

  removeProject(project: string): void {
    this.#pages.delete(project);
  }

  /** Sends other bytes for a file that stays listed as it was. */
  setBytes({ url }: IndexFile, bytes: Uint8Array): void {
    this.#bytes.set(url, bytes);
  }

  /** From now on calls of this method fail; without one every method does. */
  fail(method?: Method, error: Error = upstreamDown): void {
    for (const one of method ? [method] : ALL_METHODS) this.#troubles.set(one, { error });
  }

  /** From now on calls of this method are not answered before the returned function is called. */
  hang(method: Method): () => void {
    let release = () => {};
    // As an open socket would, this keeps the process alive; not for ever, for a test may fail before it releases.
    const socket = setTimeout(() => undefined, 20_000);
    const until = new Promise<void>((resolve) => {
      release = resolve;
    }).finally(() => clearTimeout(socket));
    this.#troubles.set(method, { until });
    return release;
  }

  heal(): void {
    this.#troubles.clear();
  }

  /** How often a method was called. */
  count(method: Method): number {
    return this.calls.filter((call) => call.startsWith(`${method} `)).length;
  }

  async readPage(project: string, etag?: string): Promise<PageAnswer> {
    await this.#enter('readPage', project);
    const found = this.#pages.get(project);
    if (!found) return { kind: 'absent' };
    const now = `"${found.version}"`;
    return etag === now ? { kind: 'not-modified' } : { kind: 'page', page: found.page, etag: now };
  }

  async openFile(file: IndexFile): Promise<{ body: AsyncIterable<Uint8Array>; size?: number }> {
    await this.#enter('openFile', file.filename);
    const bytes = this.#bytes.get(file.url);
    if (!bytes) throw new WheelgateError('UPSTREAM_FAILED', 'Upstream answered 404', 'Look at the upstream.');
    return { body: inPieces(bytes), size: bytes.length };
  }

  async lastModified(file: IndexFile): Promise<Date | undefined> {
    await this.#enter('lastModified', file.filename);
    return this.modified.get(file.filename);
  }

  async readProvenance(file: IndexFile): Promise<Uint8Array | undefined> {
    await this.#enter('readProvenance', file.filename);
    return this.provenance.get(file.filename);
  }

  async listProjects(): Promise<readonly string[]> {
    await this.#enter('listProjects', '');
    return [...this.#pages.keys()];
  }

  #change(project: string, edit: (page: ProjectPage) => Partial<ProjectPage>): void {
    const name = parseProjectName(project);
    const { page, version } = this.#pages.get(name) ?? {
      page: { project: name, status: 'active' as const, files: [], problems: [] },
      version: 0,
    };
    this.#pages.set(name, { page: { ...page, ...edit(page) }, version: version + 1 });
  }

  async #enter(method: Method, subject: string): Promise<void> {
    this.calls.push(`${method} ${subject}`);
    const trouble = this.#troubles.get(method);
    if (!trouble) return;
    if ('error' in trouble) throw trouble.error;
    await trouble.until;
  }
}

const ALL_METHODS: readonly Method[] = ['readPage', 'openFile', 'lastModified', 'readProvenance', 'listProjects'];

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 64) yield bytes.subarray(at, at + 64);
}
