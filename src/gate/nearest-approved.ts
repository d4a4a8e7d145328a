import type { Evidence, Inspection } from '../core/policy/evidence.ts';
import { type DistFilename, parseFilenameFor } from '../core/python/filename.ts';
import { compareVersions, type Version } from '../core/python/version.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { RecordedVerdict } from './ports.ts';

type Candidate = { readonly row: RecordedVerdict; readonly version: Version; readonly sameTags: boolean };

/**
 * The approved files that a file may be compared with, the best one first: of the same kind, of the nearest release below,
 * else above, with the same tags where there is one. None for a file that was itself approved: what was let in once is
 * not held because an older release came in later.
 * @param approved recorded verdicts of one project and index that are allow
 */
export function rankApproved(
  approved: readonly RecordedVerdict[],
  name: DistFilename,
  sha256: Sha256 | undefined,
): readonly RecordedVerdict[] {
  const { version } = name;
  if (version === undefined || approved.some((row) => row.sha256 === sha256)) return [];
  const candidates = approved.flatMap((row): Candidate[] => {
    const other = parseFilenameFor(row.project, row.filename);
    if (other.kind !== name.kind || other.version === undefined) return [];
    return compareVersions(other.version, version) === 0
      ? []
      : [{ row, version: other.version, sameTags: tagsOf(other.filename) === tagsOf(name.filename) }];
  });
  const isBelow = (candidate: Candidate) => compareVersions(candidate.version, version) < 0;
  return candidates
    .sort((a, b) => {
      if (isBelow(a) !== isBelow(b)) return isBelow(a) ? -1 : 1;
      const order = compareVersions(a.version, b.version);
      return (isBelow(a) ? -order : order) || Number(b.sameTags) - Number(a.sameTags);
    })
    .map(({ row }) => row);
}

/** The first of the ranked files that was analysed, as evidence. @param attested names of files that have a provenance */
export function nearestApproved(
  ranked: readonly RecordedVerdict[],
  inspected: ReadonlyMap<Sha256, Inspection | undefined>,
  attested: ReadonlySet<string>,
): Evidence['nearestApproved'] {
  for (const { sha256, version, filename } of ranked) {
    const inspection = inspected.get(sha256);
    if (inspection?.behaviour === undefined || version === undefined) continue;
    return {
      version,
      behaviour: inspection.behaviour,
      hasNativeFiles: inspection.nativeFiles.length > 0,
      attested: attested.has(filename),
    };
  }
  return undefined;
}

function tagsOf(filename: string): string {
  return filename.split('-').slice(-3).join('-');
}
