import type { Evidence, Inspection } from '../core/policy/evidence.ts';
import { type Fact, isSameRelease, latestFacts } from '../core/policy/fact.ts';
import type { DistFilename } from '../core/python/filename.ts';
import type { Sha256 } from '../core/sha256.ts';
import type { RecordedVerdict } from './ports.ts';

/**
 * A wheel of the same release that people approved and that has the same Python code: the same package for another
 * platform. Compiled code cannot be compared: a wheel that has some where the approved one has none is no sibling.
 * @param allowed recorded verdicts of one project and index that are allow
 * @param factsOf the facts that apply to one of them
 */
export function findApprovedSibling(
  allowed: readonly RecordedVerdict[],
  inspected: ReadonlyMap<Sha256, Inspection | undefined>,
  own: Inspection,
  { kind, version }: DistFilename,
  sha256: Sha256 | undefined,
  factsOf: (file: RecordedVerdict) => readonly Fact[],
): Evidence['approvedSibling'] {
  const { portableContent } = own;
  if (kind !== 'wheel' || version === undefined || portableContent === undefined) return undefined;
  for (const row of allowed) {
    if (row.sha256 === sha256 || row.version === undefined || !isSameRelease(row.version, version.text)) continue;
    const other = inspected.get(row.sha256);
    if (other?.portableContent !== portableContent) continue;
    if (own.nativeFiles.length > 0 && other.nativeFiles.length === 0) continue;
    const { approval } = latestFacts(factsOf(row));
    if (approval) return { filename: row.filename, approval };
  }
  return undefined;
}
