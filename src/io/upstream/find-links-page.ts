import { WheelgateError } from '../../core/errors.ts';
import type { IndexFile } from '../../core/index/page.ts';
import type { ProjectName } from '../../core/python/name.ts';
import type { PageAnswer, Upstream } from '../../gate/ports.ts';
import { decodeDocument, pageKind } from './document.ts';
import { type FlatPage, pageOf, projectsAmong, readFlatPage } from './flat-listing.ts';
import { HttpClient, type HttpOptions } from './http-client.ts';
import { openHttpFile, readHttpModified, readHttpProvenance } from './http-files.ts';

/** `upstreamEtag` is the upstream's own; `etag` is ours, for many such pages come without one. */
type FetchedPage = FlatPage & { readonly upstreamEtag?: string };

/** One HTML page with links to files of many projects, as pip's `--find-links` takes. */
export class FindLinksPage implements Upstream {
  readonly #client: HttpClient;
  #last: FetchedPage | undefined;
  #loading: Promise<FetchedPage> | undefined;

  /** @param location URL of the page itself; may carry credentials */
  constructor(location: string, options: HttpOptions) {
    this.#client = new HttpClient(location, options);
  }

  get name(): string {
    return this.#client.name;
  }

  async readPage(project: ProjectName, etag?: string): Promise<PageAnswer> {
    return pageOf(project, await this.#load(), etag);
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
    return projectsAmong((await this.#load()).files);
  }

  /** Asks for the page again each time, conditionally, and once for all who ask meanwhile. */
  #load(): Promise<FetchedPage> {
    this.#loading ??= this.#fetch().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #fetch(): Promise<FetchedPage> {
    const known = this.#last;
    const condition = known?.upstreamEtag === undefined ? {} : { 'if-none-match': known.upstreamEtag };
    const document = await this.#client.read(this.#client.url, { accept: 'text/html', ...condition });
    if (document === 'not-modified' && known !== undefined) return known;
    if (typeof document === 'string') {
      // The page is the whole upstream: without it nothing is known about any project.
      const help = 'Check the address of this find-links page.';
      throw new WheelgateError('UPSTREAM_FAILED', `Upstream ${this.name} is not there`, help);
    }
    if (pageKind(document, this.name) !== 'html') {
      const help = 'Configure it as an index, not as find-links.';
      throw new WheelgateError('PAGE_INVALID', `Upstream ${this.name} is no HTML page`, help);
    }
    this.#last = {
      ...readFlatPage(decodeDocument(document, this.name), document.url),
      ...(document.etag !== undefined && { upstreamEtag: document.etag }),
    };
    return this.#last;
  }
}
