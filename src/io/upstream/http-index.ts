import { hasCode, WheelgateError } from '../../core/errors.ts';
import type { IndexFile } from '../../core/index/page.ts';
import { readHtmlPage } from '../../core/index/read-html.ts';
import { readJsonPage } from '../../core/index/read-json.ts';
import { readHtmlList, readJsonList } from '../../core/index/read-list.ts';
import type { ProjectName } from '../../core/python/name.ts';
import type { PageAnswer, Upstream } from '../../gate/ports.ts';
import { decodeDocument, JSON_PAGE_TYPE, pageKind } from './document.ts';
import { HttpClient, type HttpOptions } from './http-client.ts';
import { openHttpFile, readHttpModified, readHttpProvenance } from './http-files.ts';

const ACCEPT = `${JSON_PAGE_TYPE}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1`;

/** A simple index over HTTP, in JSON (PEP 691) or HTML (PEP 503). */
export class HttpIndex implements Upstream {
  readonly #client: HttpClient;

  /** @param location the index root: the URL below which projects are, with a trailing slash; may carry credentials */
  constructor(location: string, options: HttpOptions) {
    this.#client = new HttpClient(location, options);
  }

  get name(): string {
    return this.#client.name;
  }

  async readPage(project: ProjectName, etag?: string): Promise<PageAnswer> {
    const url = new URL(`${project}/`, this.#client.url);
    const headers = { accept: ACCEPT, ...(etag !== undefined && { 'if-none-match': etag }) };
    const document = await this.#client.read(url, headers);
    if (document === 'absent' || document === 'not-modified') return { kind: document };
    const text = decodeDocument(document, this.name);
    const read = pageKind(document, this.name) === 'json' ? readJsonPage : readHtmlPage;
    const page = this.#named(() => read(text, document.url, project));
    return { kind: 'page', page, ...(document.etag !== undefined && { etag: document.etag }) };
  }

  openFile(file: IndexFile, signal: AbortSignal) {
    return openHttpFile(this.#client, file, signal);
  }

  lastModified(file: IndexFile, signal: AbortSignal): Promise<Date | undefined> {
    return readHttpModified(this.#client, file, signal);
  }

  readProvenance(file: IndexFile, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return readHttpProvenance(this.#client, file, signal);
  }

  async listProjects(): Promise<readonly string[]> {
    const document = await this.#client.read(this.#client.url, { accept: ACCEPT });
    if (document === 'absent' || document === 'not-modified') {
      const help = 'Not every index has one; ask for projects by name.';
      throw new WheelgateError('UPSTREAM_FAILED', `Upstream ${this.name} has no list of projects`, help);
    }
    const text = decodeDocument(document, this.name);
    return this.#named(() => (pageKind(document, this.name) === 'json' ? readJsonList(text) : readHtmlList(text)));
  }

  /** The readers do not know whose page they read; who reads the error has to. */
  #named<Page>(read: () => Page): Page {
    try {
      return read();
    } catch (error) {
      if (!hasCode(error, 'PAGE_INVALID') || error.message.includes(this.name)) throw error;
      throw new WheelgateError('PAGE_INVALID', `Upstream ${this.name}: ${error.message}`, error.help, error.cause);
    }
  }
}
