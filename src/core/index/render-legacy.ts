import type { AdvisoryMatch } from '../advisories/match.ts';
import { hasCode } from '../errors.ts';
import { type DistFilename, parseFilenameFor } from '../python/filename.ts';
import type { CoreMetadata } from '../python/metadata.ts';
import { compareVersions, isPrerelease, tryParseVersion, type Version } from '../python/version.ts';
import { encodeFilePath } from './file-path.ts';
import type { ServedFile, ServedPage } from './served-page.ts';

/** The release that a document of the legacy JSON API is about, and what is known of it. */
export type LegacyRelease = {
  /** As `newestVersion` or `findVersion` gave it. */
  readonly version: string;
  /** Of one of its files; without it most of `info` is null. */
  readonly metadata?: CoreMetadata;
  readonly advisories: readonly AdvisoryMatch[];
};

/**
 * The release that `/pypi/<project>/json` is about: the newest that is neither a prerelease nor yanked, else the newest
 * that is not yanked, else the newest. Withheld releases are yanked on our pages, so that none of them is "the latest".
 */
export function newestVersion(page: ServedPage): string | undefined {
  const open = new Set(namedFiles(page).flatMap(({ file, name }) => (file.yanked === undefined ? [textOf(name)] : [])));
  const versions = page.versions.flatMap((raw) => tryParseVersion(raw) ?? []).sort(compareVersions);
  const last = (matches: (version: Version) => boolean) => versions.findLast(matches)?.text;
  return (
    last((version) => open.has(version.text) && !isPrerelease(version)) ??
    last((version) => open.has(version.text)) ??
    last(() => true)
  );
}

/** The page's own spelling of a version that a client asked for in any spelling, or undefined: not found. */
export function findVersion(page: ServedPage, raw: string): string | undefined {
  const asked = tryParseVersion(raw);
  if (asked === undefined) return undefined;
  return page.versions.find((text) => {
    const version = tryParseVersion(text);
    return version !== undefined && compareVersions(version, asked) === 0;
  });
}

/**
 * A document of PyPI's legacy JSON API: `/pypi/<project>/json` (with `releases`) or `/pypi/<project>/<version>/json`.
 * It shows what our project page shows and nothing else. What PyPI filled in for old clients only (downloads, signatures)
 * has its empty value.
 * @param root absolute URL of the index root, with a trailing slash: clients of this API do not resolve URLs
 * @param scope `project` adds every release
 */
export function renderLegacy(
  page: ServedPage,
  release: LegacyRelease,
  root: string,
  scope: 'project' | 'release',
): string {
  const byVersion = new Map<string, LegacyFile[]>(page.versions.map((version) => [version, []]));
  for (const { file, name } of namedFiles(page)) byVersion.get(textOf(name) ?? '')?.push(legacyFile(file, name, root));
  const urls = byVersion.get(release.version) ?? [];
  return JSON.stringify({
    info: legacyInfo(page, release, urls, root),
    ...(scope === 'project' && { releases: Object.fromEntries(byVersion) }),
    urls,
    vulnerabilities: release.advisories.map(legacyVulnerability),
  });
}

type LegacyFile = ReturnType<typeof legacyFile>;

function namedFiles(page: ServedPage): { file: ServedFile; name: DistFilename }[] {
  return page.files.flatMap((file) => {
    const name = tryParseName(page, file);
    return name === undefined ? [] : [{ file, name }];
  });
}

function tryParseName({ project }: ServedPage, { filename }: ServedFile): DistFilename | undefined {
  try {
    return parseFilenameFor(project, filename);
  } catch (error) {
    if (!hasCode(error, 'FILENAME_INVALID')) throw error;
    return undefined;
  }
}

function textOf({ version }: DistFilename): string | undefined {
  return version?.text;
}

function legacyInfo(page: ServedPage, { version, metadata }: LegacyRelease, urls: readonly LegacyFile[], root: string) {
  const { project } = page;
  const projectUrl = `${root}simple/${project}/`;
  const isYanked = urls.length > 0 && urls.every(({ yanked }) => yanked);
  return {
    author: metadata?.author ?? null,
    author_email: metadata?.authorEmail ?? null,
    bugtrack_url: null,
    classifiers: metadata?.classifiers ?? [],
    description: metadata?.description ?? null,
    description_content_type: metadata?.descriptionContentType ?? null,
    docs_url: null,
    download_url: metadata?.downloadUrl ?? null,
    downloads: { last_day: -1, last_month: -1, last_week: -1 },
    dynamic: metadata === undefined ? null : metadata.dynamic,
    home_page: metadata?.homePage ?? null,
    keywords: metadata?.keywords ?? null,
    license: metadata?.license ?? null,
    license_expression: metadata?.licenseExpression ?? null,
    license_files: metadata?.licenseFiles ?? null,
    maintainer: metadata?.maintainer ?? null,
    maintainer_email: metadata?.maintainerEmail ?? null,
    name: metadata?.name ?? project,
    package_url: projectUrl,
    platform: metadata?.platforms.join(',') || null,
    project_url: projectUrl,
    project_urls: metadata === undefined ? null : splitUrls(metadata.projectUrls),
    provides_extra: metadata?.providesExtra ?? null,
    release_url: projectUrl,
    // Null means unknown here, and makes Poetry look into the files itself; an empty list means "needs nothing".
    requires_dist: metadata?.requiresDist ?? null,
    requires_python: metadata?.requiresPython ?? urls[0]?.requires_python ?? null,
    summary: metadata?.summary ?? null,
    version,
    yanked: isYanked,
    yanked_reason: isYanked ? urls[0]!.yanked_reason : null,
  };
}

/** `label, URL` as Project-URL has it. */
function splitUrls(urls: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    urls.map((line) => {
      const comma = line.indexOf(',');
      return [line.slice(0, Math.max(0, comma)).trim(), line.slice(comma + 1).trim()];
    }),
  );
}

const PACKAGE_TYPE = { wheel: 'bdist_wheel', sdist: 'sdist', other: 'bdist_dumb' } as const;

function legacyFile(file: ServedFile, name: DistFilename, root: string) {
  const uploadTime = file.uploadTime?.toISOString();
  return {
    comment_text: '',
    digests: { sha256: file.sha256 },
    downloads: -1,
    filename: file.filename,
    has_sig: false,
    packagetype: name.filename.endsWith('.egg') ? 'bdist_egg' : PACKAGE_TYPE[name.kind],
    python_version: name.kind === 'wheel' ? name.filename.slice(0, -'.whl'.length).split('-').at(-3)! : 'source',
    requires_python: file.requiresPython ?? null,
    size: file.size ?? null,
    upload_time: uploadTime?.slice(0, 19) ?? null,
    upload_time_iso_8601: uploadTime ?? null,
    url: root + encodeFilePath(file.path),
    yanked: file.yanked !== undefined,
    yanked_reason: file.yanked ?? null,
  };
}

function legacyVulnerability({ id, aliases, summary, fixed }: AdvisoryMatch) {
  return {
    id,
    aliases,
    summary: summary ?? null,
    details: summary ?? '',
    fixed_in: fixed,
    link: `https://osv.dev/vulnerability/${encodeURIComponent(id)}`,
    source: 'osv',
    withdrawn: null,
  };
}
