import { tryParseVersion, type Version, versionKey } from '../core/python/version.ts';
import type { AdvisorySource, RecordedVerdict } from './ports.ts';

/**
 * Which advisories that touch a release in use a version fixes.
 * @param approved recorded verdicts of one project and index that are allow
 * @returns their ids by version
 */
export function findFixes(
  approved: readonly RecordedVerdict[],
  matcher: Awaited<ReturnType<AdvisorySource['matcher']>>,
): (version: Version) => readonly string[] {
  const fixed = new Map<string, string[]>();
  const inUse = [...new Set(approved.flatMap(({ version }) => version ?? []))];
  for (const match of inUse.flatMap((version) => matcher(version))) {
    for (const text of match.fixed) {
      const version = tryParseVersion(text);
      if (version) fixed.set(versionKey(version), [...(fixed.get(versionKey(version)) ?? []), match.id]);
    }
  }
  // Most projects have no fix to look for: a page of thousands then needs no key of any version.
  return (version) => (fixed.size === 0 ? [] : (fixed.get(versionKey(version)) ?? []));
}
