import { hasCode } from '../errors.ts';
import { parseFilename, parseFilenameFor } from '../python/filename.ts';
import type { ProjectName } from '../python/name.ts';
import { quoted } from '../python/quoted.ts';
import type { Sha256 } from '../sha256.ts';
import type { IndexFile } from './page.ts';
import type { ProblemList } from './problem-list.ts';

/** An entry of a page as it was written; what a representation checks by itself is typed already. */
export type RawEntry = Omit<IndexFile, 'sha256' | 'url'> & {
  /** Absolute, or relative to the page. */
  readonly href: string;
  readonly sha256: string | undefined;
};

/**
 * Turns the entries of one page into files. An entry that no client could install for certain is left out and reported:
 * a name that is no file name or of another project, an unusable URL, a digest that is none, a name listed twice.
 */
export class EntryReader {
  readonly files: IndexFile[] = [];
  readonly #pageUrl: string;
  readonly #project: ProjectName | undefined;
  readonly #problems: ProblemList;
  readonly #names = new Set<string>();

  /**
   * @param pageUrl of the final answer, after redirects
   * @param project absent for a flat page (find-links), whose files belong to many projects
   */
  constructor(pageUrl: string, project: ProjectName | undefined, problems: ProblemList) {
    this.#pageUrl = pageUrl;
    this.#project = project;
    this.#problems = problems;
  }

  /** @param baseUrl what relative links start from when it is not the page: its `<base>` */
  add({ href, sha256, ...entry }: RawEntry, baseUrl = this.#pageUrl): void {
    const url = resolveFileUrl(href, baseUrl, this.#pageUrl.startsWith('file:'));
    const digest = sha256?.toLowerCase();
    if (url === undefined) this.#leaveOut(entry.filename, 'its URL is not one to fetch from');
    else if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
      this.#leaveOut(entry.filename, 'its sha256 is not 64 hex digits');
    else if (this.#names.has(entry.filename)) this.#leaveOut(entry.filename, 'the name was listed before');
    else if (this.#isReadable(entry.filename)) {
      this.#names.add(entry.filename);
      this.files.push({ ...entry, ...(digest === undefined ? {} : { sha256: digest as Sha256 }), url });
    }
  }

  #isReadable(filename: string): boolean {
    try {
      if (this.#project === undefined) parseFilename(filename);
      else parseFilenameFor(this.#project, filename);
      return true;
    } catch (error) {
      if (!hasCode(error, 'FILENAME_INVALID')) throw error;
      this.#problems.add(`left out: ${error.message}`);
      return false;
    }
  }

  #leaveOut(filename: string, why: string): void {
    this.#problems.add(`left out: ${quoted(filename)}, ${why}`);
  }
}

/** An absolute URL that the URL parser would give back as it is: most of the entries of a large page. */
const PLAIN_URL = /^https:\/\/(?:[a-z]+\.)+[a-z]+(?:\/[A-Za-z0-9_][\w.-]*)+$/;

/**
 * The absolute URL without fragment and credentials, or undefined when nothing may be fetched from it: http and https
 * only, but a page on disk may also link to disk.
 */
export function resolveFileUrl(href: string, baseUrl: string, isOnDisk: boolean): string | undefined {
  if (PLAIN_URL.test(href)) return href;
  if (!URL.canParse(href, baseUrl)) return undefined;
  const url = new URL(href, baseUrl);
  if (url.protocol !== 'http:' && url.protocol !== 'https:' && !(isOnDisk && url.protocol === 'file:'))
    return undefined;
  url.hash = '';
  url.username = '';
  url.password = '';
  return url.href;
}
