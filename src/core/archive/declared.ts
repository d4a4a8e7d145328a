import { readHeaders } from '../python/metadata-headers.ts';
import { tryParseProjectName } from '../python/name.ts';
import { compareVersions, tryParseVersion, type Version } from '../python/version.ts';
import type { FindingList } from './finding-list.ts';

/** Name and version as a file's own metadata give them, unnormalised. */
export type Declared = { readonly name: string; readonly version: string };

/** A release as a file name gives it. */
type Release = { readonly project?: string; readonly rawVersion?: string; readonly version?: Version };

/**
 * Name and version from METADATA or PKG-INFO; undefined when one is missing. Of a repeated field the first counts, as it
 * does for pip, but other readers take the last.
 */
export function readDeclared(metadata: Uint8Array, path: string, findings: FindingList): Declared | undefined {
  const { headers } = readHeaders(new TextDecoder('utf-8', { ignoreBOM: true }).decode(metadata));
  const values = (field: string) =>
    headers.filter(({ name }) => name.toLowerCase() === field).map(({ value }) => value.trim());
  const [name, ...otherNames] = values('name');
  const [version, ...otherVersions] = values('version');
  if (otherNames.length + otherVersions.length > 0) findings.add('metadata-ambiguous', path);
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** True when both name the same project and, in any spelling, the same version. */
export function isSameRelease({ name, version }: Declared, release: Release): boolean {
  return tryParseProjectName(name) === release.project && isSameVersion(version, release);
}

/** True when `stem` is `<name>-<version>` of the release, in any spelling (the dash of a version may be an underscore). */
export function isFolderOf(stem: string, release: Release): boolean {
  return [...stem.matchAll(/-/g)].some(({ index }) => {
    const version = stem.slice(index + 1);
    const spellings = [version, version.replaceAll('_', '-')];
    return spellings.some((spelling) => isSameRelease({ name: stem.slice(0, index), version: spelling }, release));
  });
}

function isSameVersion(raw: string, { version, rawVersion }: Release): boolean {
  const parsed = tryParseVersion(raw);
  if (parsed === undefined || version === undefined) return raw === rawVersion;
  return compareVersions(parsed, version) === 0;
}
