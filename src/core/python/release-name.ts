import type { ProjectName } from './name.ts';
import { parsePurl } from './purl.ts';

/** A release, or with no version a whole project. */
export type ReleaseName = { readonly project: ProjectName; readonly version?: string };

/**
 * Reads how people name a release: a purl (`pkg:pypi/flask@3.1.0`), a pin (`flask==3.1.0`), or a bare project.
 * @returns the version normalised; one that PEP 440 does not accept stays as it is, for files that carry such a one
 * @throws {WheelgateError} PURL_INVALID
 */
export function parseReleaseName(raw: string): ReleaseName {
  const [name = '', version, ...rest] = raw.split('==').map((part) => part.trim());
  const isPin = !raw.startsWith('pkg:') && rest.length === 0;
  // A purl percent-encodes what a pin writes plainly, the `+` of a local version for one.
  const pin = version === undefined ? `pkg:pypi/${name}` : `pkg:pypi/${name}@${encodeURIComponent(version)}`;
  const purl = parsePurl(isPin ? pin : raw);
  const text = purl.version?.text ?? purl.rawVersion;
  return { project: purl.project, ...(text !== undefined && { version: text }) };
}
