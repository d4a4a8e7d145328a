import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasCode } from '../../core/errors.ts';
import type { IndexFile, ProjectPage } from '../../core/index/page.ts';
import { readHtmlPage } from '../../core/index/read-html.ts';
import { type ProjectName, tryParseProjectName } from '../../core/python/name.ts';
import { quoted } from '../../core/python/quoted.ts';
import type { PageAnswer, Upstream } from '../../gate/ports.ts';
import { folderAround, LocalFiles, MAX_LOCAL_PAGE_BYTES, readFolder } from './local-files.ts';

export type LocalOptions = {
  /** Further folders that pages and links may lead into. */
  readonly fileRoots?: readonly string[];
};

/**
 * A simple index as folders on this machine: `<root>/<project>/index.html`, as pip reads with a `file:` URL. Files may lie
 * anywhere below the folder that holds the root (`simple/` and `files/` side by side).
 */
export class DirectoryIndex implements Upstream {
  readonly name: string;
  readonly #root: string;
  readonly #files: LocalFiles;

  /** @param root absolute path of the folder that has the project folders */
  constructor(root: string, { fileRoots = [] }: LocalOptions) {
    this.name = pathToFileURL(join(root, '/')).href;
    this.#root = root;
    this.#files = new LocalFiles(this.name, [folderAround(root), ...fileRoots]);
  }

  async readPage(project: ProjectName, etag?: string): Promise<PageAnswer> {
    const path = join(this.#root, project, 'index.html');
    const html = await this.#files.readText(path, MAX_LOCAL_PAGE_BYTES);
    if (html === undefined) {
      // Only a root that is there can say that a project is not: an unmounted disk has no opinion.
      await readFolder(this.name, this.#root);
      return { kind: 'absent' };
    }
    const page = await this.#withSizes(readHtmlPage(html, pathToFileURL(path).href, project));
    const current = tagOf(page);
    return current === etag ? { kind: 'not-modified' } : { kind: 'page', page, etag: current };
  }

  async openFile(file: IndexFile, signal: AbortSignal) {
    return this.#files.open(file.url, signal);
  }

  async lastModified(file: IndexFile): Promise<Date | undefined> {
    return (await this.#files.find(file.url))?.modified;
  }

  async readProvenance(): Promise<undefined> {
    return undefined;
  }

  async listProjects(): Promise<readonly string[]> {
    const entries = await readFolder(this.name, this.#root);
    return entries.filter((name) => tryParseProjectName(name) !== undefined).sort();
  }

  /** The page with the sizes on disk; what is not there or may not be read is left out and reported. */
  async #withSizes(page: ProjectPage): Promise<ProjectPage> {
    const problems = [...page.problems];
    const files = await Promise.all(
      page.files.map(async (file): Promise<IndexFile[]> => {
        try {
          const found = await this.#files.find(file.url);
          if (found !== undefined) return [{ ...file, size: found.size }];
          problems.push(`left out: ${quoted(file.filename)}, the file is not there`);
        } catch (error) {
          if (!hasCode(error, 'UPSTREAM_REFUSED')) throw error;
          problems.push(`left out: ${quoted(file.filename)}, ${error.message}`);
        }
        return [];
      }),
    );
    return { ...page, files: files.flat(), problems };
  }
}

/** Changes whenever what we tell about the project changes. */
export function tagOf(page: ProjectPage): string {
  return `"${createHash('sha256').update(JSON.stringify(page)).digest('hex').slice(0, 32)}"`;
}
