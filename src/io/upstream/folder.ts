import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hasCode } from '../../core/errors.ts';
import type { IndexFile, ProjectPage } from '../../core/index/page.ts';
import type { ProjectName } from '../../core/python/name.ts';
import { parseSha256, type Sha256 } from '../../core/sha256.ts';
import type { PageAnswer, Upstream } from '../../gate/ports.ts';
import { type LocalOptions, tagOf } from './directory-index.ts';
import { filesOf, projectsAmong } from './flat-listing.ts';
import { type LocalFile, LocalFiles, readFolder } from './local-files.ts';

/** A folder of wheels and sdists, as pip's `--find-links` reads one: not the folders in it. Looked at on every request. */
export class Folder implements Upstream {
  readonly name: string;
  readonly #root: string;
  readonly #files: LocalFiles;
  /** By path; a file that changed in size or time is hashed again. */
  readonly #digests = new Map<string, { key: string; sha256: Promise<Sha256> }>();

  /** @param root absolute path */
  constructor(root: string, { fileRoots = [] }: LocalOptions) {
    this.name = pathToFileURL(join(root, '/')).href;
    this.#root = root;
    this.#files = new LocalFiles(this.name, [root, ...fileRoots]);
  }

  async readPage(project: ProjectName, etag?: string): Promise<PageAnswer> {
    const files: IndexFile[] = [];
    const problems: string[] = [];
    const names = (await readFolder(this.name, this.#root)).map((filename) => ({ filename }));
    for (const { filename } of filesOf(project, names)) {
      const path = join(this.#root, filename);
      try {
        const found = await this.#files.find(path);
        if (found === undefined) continue; // removed this moment
        files.push({ filename, url: pathToFileURL(path).href, size: found.size, sha256: await this.#digest(found) });
      } catch (error) {
        if (!hasCode(error, 'UPSTREAM_REFUSED')) throw error;
        problems.push(`left out: ${error.message}`);
      }
    }
    if (files.length === 0 && problems.length === 0) return { kind: 'absent' };
    const page: ProjectPage = { project, status: 'active', files, problems };
    const current = tagOf(page);
    return current === etag ? { kind: 'not-modified' } : { kind: 'page', page, etag: current };
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
    return projectsAmong((await readFolder(this.name, this.#root)).map((filename) => ({ filename })));
  }

  /** Large wheels take seconds: hashed when first asked for, and once for all who ask meanwhile. */
  async #digest(file: LocalFile): Promise<Sha256> {
    const key = `${file.size} ${file.modified.getTime()}`;
    const known = this.#digests.get(file.path);
    if (known?.key === key) return known.sha256;
    const sha256 = this.#hash(file.path);
    this.#digests.set(file.path, { key, sha256 });
    // A failure is not remembered.
    sha256.catch(() => this.#digests.delete(file.path));
    return sha256;
  }

  async #hash(path: string): Promise<Sha256> {
    const hash = createHash('sha256');
    const { body } = await this.#files.open(path, new AbortController().signal);
    for await (const chunk of body) hash.update(chunk);
    return parseSha256(hash.digest('hex'));
  }
}
