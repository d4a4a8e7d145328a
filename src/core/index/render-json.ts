import { API_VERSION } from './api-version.ts';
import { encodeFilePath } from './file-path.ts';
import type { ServedFile, ServedPage } from './served-page.ts';
import { formatUploadTime } from './upload-time.ts';

/**
 * Since 1.1 every file must have a size (PEP 700). An upstream in HTML gives none, and a guess would be a lie that pip
 * and uv may check one day: such a page claims 1.0, to which every further key is an allowed extra. No client reads less
 * from it.
 */
const VERSION_WITHOUT_SIZES = '1.0';

/**
 * A project page as `application/vnd.pypi.simple.v1+json` (Simple API 1.4).
 * @param root the index root that file paths are below, absolute or relative to the page: `../../`
 */
export function renderJsonPage(page: ServedPage, root: string): string {
  const hasSizes = page.files.every(({ size }) => size !== undefined);
  return JSON.stringify({
    meta: { 'api-version': hasSizes ? API_VERSION : VERSION_WITHOUT_SIZES },
    name: page.project,
    // `unknown` is no status that a client may be told (PEP 792); what it means for the files is the policy's business.
    ...(page.status !== 'unknown' && { 'project-status': { status: page.status, reason: page.statusReason } }),
    versions: page.versions,
    files: page.files.map((file) => jsonFile(file, root)),
  });
}

/** The list of projects (Simple API, "Project List"). @param names as their projects spell them */
export function renderJsonList(names: readonly string[]): string {
  return JSON.stringify({ meta: { 'api-version': API_VERSION }, projects: names.map((name) => ({ name })) });
}

// Keys whose value is undefined are not written.
function jsonFile(file: ServedFile, root: string) {
  const { coreMetadata } = file;
  return {
    filename: file.filename,
    url: root + encodeFilePath(file.path),
    hashes: { sha256: file.sha256 },
    size: file.size,
    'upload-time': file.uploadTime && formatUploadTime(file.uploadTime),
    'requires-python': file.requiresPython,
    // A reason in JSON may not be empty; true says "yanked" without one.
    yanked: file.yanked === '' ? true : file.yanked,
    // Never `dist-info-metadata`: old pip reads that key wrongly (pypa/pip#12042).
    'core-metadata': coreMetadata === undefined || coreMetadata === true ? coreMetadata : { sha256: coreMetadata },
    provenance: file.provenance,
  };
}
