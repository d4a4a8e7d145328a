import type { AdvisoryMatch } from '../core/advisories/match.ts';
import { type Fact, latestFacts } from '../core/policy/fact.ts';
import type { Verdict } from '../core/policy/verdict.ts';
import type { ProjectName } from '../core/python/name.ts';
import { compareVersions } from '../core/python/version.ts';
import { type DecidedFile, type DecideProject, isOffered, isOfRelease } from './decide-project.ts';
import { metadataOf } from './legacy-document.ts';
import type { ServedIndex } from './served-index.ts';

/** What the gate thinks of a release, file by file, for `wheelgate why` and the review page. */
export type ReleaseExplanation = {
  readonly project: ProjectName;
  readonly version?: string;
  readonly upstream: string;
  readonly policyRevision: string;
  readonly files: readonly {
    readonly filename: string;
    /** Below the index root. */
    readonly path: string;
    readonly sha256?: string;
    /** Bytes. */
    readonly size?: number;
    readonly uploadTime?: Date;
    readonly hasProvenance: boolean;
    /** In force for exactly this file. */
    readonly approval?: Fact;
    readonly verdict: Verdict;
    readonly advisories: readonly AdvisoryMatch[];
    readonly inspected: boolean;
  }[];
  /** What the release needs (PEP 508); absent for a whole project, and while no file that may be had was read. */
  readonly requiresDist?: readonly string[];
  /** Releases that a client can install now, newest first, at most 10. */
  readonly offered: readonly string[];
  readonly advisoriesAsOf?: Date;
};

/** Explains one release, or with no version the newest file of each of a project's recent releases. */
export function createExplainRelease(decide: Pick<DecideProject, 'decideProject'>) {
  return async function explainRelease(
    index: ServedIndex,
    project: ProjectName,
    version?: string,
  ): Promise<ReleaseExplanation | 'absent' | 'reserved'> {
    const decided = await decide.decideProject(index, project);
    if (typeof decided === 'string') return decided;
    const newestFirst = [...decided.files].sort(byVersion);
    const wanted =
      version === undefined ? newestFirst.slice(0, 20) : newestFirst.filter((file) => isOfRelease(file, version));
    const asOf = decided.files[0]?.evidence.advisories.asOf;
    const requiresDist = version === undefined ? undefined : metadataOf(wanted)?.requiresDist;
    return {
      project,
      ...(version !== undefined && { version }),
      ...(requiresDist && { requiresDist }),
      upstream: decided.files[0]?.owner.name ?? '',
      policyRevision: decided.policy.revision,
      files: wanted.map(explainFile),
      offered: [...new Set(newestFirst.filter(isOffered).flatMap(({ version }) => version?.text ?? []))].slice(0, 10),
      ...(asOf && { advisoriesAsOf: asOf }),
    };
  };
}

function explainFile({ file, path, verdict, evidence, inspection }: DecidedFile): ReleaseExplanation['files'][number] {
  const { approval } = latestFacts(evidence.facts);
  return {
    filename: file.filename,
    path,
    verdict,
    advisories: evidence.advisories.matches,
    inspected: inspection !== undefined,
    hasProvenance: file.provenance !== undefined,
    ...(file.sha256 !== undefined && { sha256: file.sha256 }),
    ...(file.size !== undefined && { size: file.size }),
    ...(evidence.file.age && { uploadTime: evidence.file.age.at }),
    ...(approval && { approval }),
  };
}

function byVersion(a: DecidedFile, b: DecidedFile): number {
  if (a.version && b.version) return compareVersions(b.version, a.version);
  return Number(b.version !== undefined) - Number(a.version !== undefined);
}
