import { pathToFileURL } from 'node:url';
import { WheelgateError } from '../../core/errors.ts';
import type { IndexFile } from '../../core/index/page.ts';
import type { ProjectName } from '../../core/python/name.ts';
import type { PageAnswer, Upstream } from '../../gate/ports.ts';
import type { LocalOptions } from './directory-index.ts';
import { type FlatPage, pageOf, projectsAmong, readFlatPage } from './flat-listing.ts';
import { folderAround, LocalFiles, MAX_LOCAL_PAGE_BYTES } from './local-files.ts';

/** One HTML page on this machine with links to files beside it, as pip's `--find-links` takes. */
export class LocalPage implements Upstream {
  readonly name: string;
  readonly #path: string;
  readonly #files: LocalFiles;

  /** @param path absolute path of the page */
  constructor(path: string, { fileRoots = [] }: LocalOptions) {
    this.name = pathToFileURL(path).href;
    this.#path = path;
    this.#files = new LocalFiles(this.name, [folderAround(path), ...fileRoots]);
  }

  async readPage(project: ProjectName, etag?: string): Promise<PageAnswer> {
    return pageOf(project, await this.#load(), etag);
  }

  openFile(file: IndexFile, signal: AbortSignal) {
    return this.#files.open(file.url, signal);
  }

  async lastModified(file: IndexFile): Promise<Date | undefined> {
    return (await this.#files.find(file.url))?.modified;
  }

  async readProvenance(): Promise<undefined> {
    return undefined;
  }

  async listProjects(): Promise<readonly string[]> {
    return projectsAmong((await this.#load()).files);
  }

  async #load(): Promise<FlatPage> {
    const html = await this.#files.readText(this.#path, MAX_LOCAL_PAGE_BYTES);
    if (html !== undefined) return readFlatPage(html, this.name);
    const help = 'Check the path of this find-links page.';
    throw new WheelgateError('UPSTREAM_FAILED', `Upstream ${this.name} is not there`, help);
  }
}
