import { hasCode } from '../core/errors.ts';
import type { IndexFile, ProjectPage } from '../core/index/page.ts';
import { type DistFilename, parseFilenameFor } from '../core/python/filename.ts';
import type { ProjectName } from '../core/python/name.ts';

type Page = Pick<ProjectPage, 'project' | 'files'>;

export type NamesOnPage = ReadonlyMap<IndexFile, DistFilename>;

/** A page is read once and decided again after every change: reading thousands of names each time took a third of that. */
const known = new WeakMap<Page, NamesOnPage>();

/** What the file names of a page say, for those that a client could use. */
export function namesOnPage(page: Page): NamesOnPage {
  const there = known.get(page);
  if (there) return there;
  const names = new Map<IndexFile, DistFilename>();
  for (const file of page.files) {
    const name = nameOn(page.project, file.filename);
    if (name) names.set(file, name);
  }
  known.set(page, names);
  return names;
}

/** What a file name says on its project's page; undefined for one that no client could use (a path, another project's). */
export function nameOn(project: ProjectName, filename: string): DistFilename | undefined {
  try {
    return parseFilenameFor(project, filename);
  } catch (error) {
    if (hasCode(error, 'FILENAME_INVALID')) return undefined;
    throw error;
  }
}
