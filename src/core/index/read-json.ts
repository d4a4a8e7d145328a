import { type ProjectName, tryParseProjectName } from '../python/name.ts';
import { quoted } from '../python/quoted.ts';
import { parseSha256, type Sha256 } from '../sha256.ts';
import { checkApiVersion, pageInvalid } from './api-version.ts';
import type { ProjectPage } from './page.ts';
import { ProblemList } from './problem-list.ts';
import { readProjectStatus } from './project-status.ts';
import { EntryReader, resolveFileUrl } from './read-entry.ts';
import { tryParseUploadTime } from './upload-time.ts';

type JsonObject = { readonly [key: string]: unknown };

/**
 * Reads a project page in JSON (Simple API 1.x, "JSON Serialization").
 * @param pageUrl of the final answer, after redirects: relative file URLs start from it
 * @throws {WheelgateError} PAGE_INVALID for what is no such page, is of another project or of an unknown major version
 */
export function readJsonPage(text: string, pageUrl: string, project: ProjectName): ProjectPage {
  const page = parseJsonDocument(text);
  if (typeof page.name !== 'string' || tryParseProjectName(page.name) !== project) {
    const found = typeof page.name === 'string' ? quoted(page.name) : 'no name';
    throw pageInvalid(`the page of ${project} carries ${found}`);
  }
  if (!Array.isArray(page.files)) throw pageInvalid(`the page of ${project} has no list of files`);
  const problems = new ProblemList();
  const entries = new EntryReader(pageUrl, project, problems);
  for (const file of page.files) readFile(file, pageUrl, entries, problems);
  // The specification's own example puts the status into `meta`; its text and PyPI put it beside `name`.
  const meta = page.meta as JsonObject;
  const status = page['project-status'] ?? meta['project-status'];
  const { status: marker, reason } = isObject(status) ? status : { status, reason: undefined };
  return {
    project,
    ...readProjectStatus(marker, reason),
    files: entries.files,
    problems: problems.lines(),
  };
}

/** Reads the outer object of a JSON page and checks its version. @throws {WheelgateError} PAGE_INVALID */
export function parseJsonDocument(text: string): JsonObject {
  let page: unknown;
  try {
    page = JSON.parse(text);
  } catch (error) {
    throw pageInvalid('the page is not JSON', error);
  }
  if (!isObject(page) || !isObject(page.meta)) throw pageInvalid('the page has no `meta`: it is no simple index page');
  const version = page.meta['api-version'];
  if (typeof version !== 'string') throw pageInvalid('the page does not say its API version');
  checkApiVersion(version);
  return page;
}

function readFile(file: unknown, pageUrl: string, entries: EntryReader, problems: ProblemList): void {
  if (!isObject(file) || typeof file.filename !== 'string' || typeof file.url !== 'string') {
    const name = isObject(file) && typeof file.filename === 'string' ? quoted(file.filename) : 'an entry';
    problems.add(`left out: ${name}, without file name or URL`);
    return;
  }
  const { filename } = file;
  /** A value of the wrong type is as good as absent, but somebody should know. */
  const ignore = (key: string) => problems.add(`ignored: ${key} of ${quoted(filename)}`);
  /** Reads an optional value; `read` gives undefined for what it cannot use. */
  const optional = <Value>(key: string, read: (value: unknown) => Value | undefined): Value | undefined => {
    const value = file[key];
    if (value === undefined || value === null) return undefined;
    const result = read(value);
    if (result === undefined) ignore(key);
    return result;
  };
  const hashes = optional('hashes', (value) => (isObject(value) ? value : undefined));
  const size = optional('size', (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined,
  );
  const uploadTime = optional('upload-time', (value) =>
    typeof value === 'string' ? tryParseUploadTime(value) : undefined,
  );
  const requiresPython = optional('requires-python', asText);
  const provenance = optional('provenance', (value) =>
    typeof value === 'string' ? resolveFileUrl(value, pageUrl, false) : undefined,
  );
  const coreMetadata = readCoreMetadata(file, ignore);
  const yanked = readYanked(file.yanked, ignore);
  entries.add({
    filename,
    href: file.url,
    sha256: hashes?.sha256 === undefined ? undefined : String(hashes.sha256),
    ...(size !== undefined && { size }),
    ...(uploadTime !== undefined && { uploadTime }),
    ...(requiresPython !== undefined && { requiresPython }),
    ...(yanked !== undefined && { yanked }),
    ...(coreMetadata !== undefined && { coreMetadata }),
    ...(provenance !== undefined && { provenance }),
  });
}

/** PEP 592. What is neither true, false nor a reason counts as yanked: that is the side on which nothing is installed. */
function readYanked(value: unknown, ignore: (key: string) => void): string | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  if (typeof value === 'string') return value;
  if (value !== true) ignore('yanked');
  return '';
}

/** PEP 714: the new key wins; PyPI also writes the HTML attribute's name. */
function readCoreMetadata(file: JsonObject, ignore: (key: string) => void): true | Sha256 | undefined {
  for (const key of ['core-metadata', 'dist-info-metadata', 'data-dist-info-metadata']) {
    const value = file[key];
    if (value === undefined || value === null) continue;
    if (value === false) return undefined;
    if (value === true) return true;
    if (!isObject(value)) {
      ignore(key);
      continue;
    }
    if (value.sha256 === undefined) return true;
    if (typeof value.sha256 === 'string' && /^[0-9a-f]{64}$/i.test(value.sha256)) return parseSha256(value.sha256);
    ignore(key);
  }
  return undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
