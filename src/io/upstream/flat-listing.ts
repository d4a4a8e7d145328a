import { createHash } from 'node:crypto';
import { hasCode } from '../../core/errors.ts';
import type { IndexFile } from '../../core/index/page.ts';
import { readFlatHtmlPage } from '../../core/index/read-html.ts';
import { parseFilename, parseFilenameFor, sdistCandidates } from '../../core/python/filename.ts';
import type { ProjectName } from '../../core/python/name.ts';
import type { PageAnswer } from '../../gate/ports.ts';

/** One page of links to files of many projects. */
export type FlatPage = {
  readonly files: readonly IndexFile[];
  readonly problems: readonly string[];
  /** Of the page's text. */
  readonly etag: string;
};

/** @throws {WheelgateError} PAGE_INVALID */
export function readFlatPage(html: string, pageUrl: string): FlatPage {
  const etag = `"${createHash('sha256').update(html).digest('hex').slice(0, 32)}"`;
  return { ...readFlatHtmlPage(html, pageUrl), etag };
}

/** What a flat page says about one project. */
export function pageOf(
  project: ProjectName,
  { files, problems, etag }: FlatPage,
  known: string | undefined,
): PageAnswer {
  if (etag === known) return { kind: 'not-modified' };
  const own = filesOf(project, files);
  if (own.length === 0) return { kind: 'absent' };
  return { kind: 'page', page: { project, status: 'active', files: own, problems }, etag };
}

/**
 * The files of one project among those of many (find-links): wheels and sdists whose name can be read as this project and
 * a version, as pip does. `a-b-1.0.tar.gz` is a file of `a-b` and none of `a`, whose version would be no version.
 */
export function filesOf<File extends Pick<IndexFile, 'filename'>>(
  project: ProjectName,
  files: readonly File[],
): File[] {
  return files.filter(({ filename }) => {
    try {
      const name = parseFilenameFor(project, filename);
      return name.kind !== 'other' && name.version !== undefined;
    } catch (error) {
      if (!hasCode(error, 'FILENAME_INVALID')) throw error;
      return false;
    }
  });
}

/** Every project that one of the files may belong to. */
export function projectsAmong(files: readonly Pick<IndexFile, 'filename'>[]): readonly ProjectName[] {
  const projects = new Set<ProjectName>();
  for (const { filename } of files) {
    try {
      const name = parseFilename(filename);
      if (name.kind === 'wheel') projects.add(name.project);
      else if (name.kind === 'sdist') for (const { project } of sdistCandidates(filename)) projects.add(project);
    } catch (error) {
      if (!hasCode(error, 'FILENAME_INVALID')) throw error;
    }
  }
  return [...projects].sort();
}
