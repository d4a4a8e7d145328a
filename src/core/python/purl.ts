import { PackageURL } from 'packageurl-js';
import { WheelgateError } from '../errors.ts';
import { type ProjectName, tryParseProjectName } from './name.ts';
import { quoted } from './quoted.ts';
import { tryParseVersion, type Version } from './version.ts';

/** What a package URL of type `pypi` names (purl specification, ECMA-427). */
export type Purl = {
  readonly project: ProjectName;
  /** Absent: any version. */
  readonly rawVersion?: string;
  /** Absent also when PEP 440 does not accept `rawVersion`. */
  readonly version?: Version;
  /** Such as `file_name` and `repository_url`. */
  readonly qualifiers: Readonly<Record<string, string>>;
};

/**
 * Reads `pkg:pypi/demo@1.4`. A plus sign is a plus sign, encoded or not: `1.0+cu118` and `1.0%2Bcu118` are the same.
 * @throws {WheelgateError} PURL_INVALID, also for package URLs of other types
 */
export function parsePurl(raw: string): Purl {
  // The library reads through WHATWG URLs, which silently drop tabs, line ends and spaces at the ends.
  if (/[\s\p{Cc}]/u.test(raw)) throw invalid(raw, 'White space must be percent-encoded.');
  const { type, namespace, name, version: rawVersion, qualifiers } = fromString(raw);
  if (type !== 'pypi') throw invalid(raw, 'Only pkg:pypi/... names a Python project.');
  const project = tryParseProjectName(name);
  if (namespace !== undefined || project === undefined) throw invalid(raw, 'Give one project name after pkg:pypi/.');
  if (rawVersion === '') throw invalid(raw, 'Give a version after @, or leave out the @.');
  const parts = { project, qualifiers: { ...qualifiers } };
  if (rawVersion === undefined) return parts;
  const version = tryParseVersion(rawVersion);
  return version === undefined ? { ...parts, rawVersion } : { ...parts, rawVersion, version };
}

/** `pkg:pypi/demo@1.0%2Bcu118`; a text is for what is no PEP 440 version and is kept as it is. */
export function formatPurl(project: ProjectName, version?: Version | string): string {
  const text = typeof version === 'object' ? version.text : version;
  // The library leaves a plus as it is, and those who read it as form data would see a space.
  return new PackageURL('pypi', undefined, project, text, undefined, undefined).toString().replaceAll('+', '%2B');
}

function fromString(raw: string): PackageURL {
  try {
    return PackageURL.fromString(raw);
  } catch (error) {
    throw invalid(raw, 'Write it as pkg:pypi/<project>@<version>.', error);
  }
}

function invalid(raw: string, help: string, cause?: unknown): WheelgateError {
  return new WheelgateError('PURL_INVALID', `${quoted(raw)} is not a package URL of a Python project`, help, cause);
}
