import { WheelgateError } from '../core/errors.ts';
import { isPending, type Reason } from '../core/policy/verdict.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { Sha256 } from '../core/sha256.ts';
import { type DecidedFile, type DecideProject, isOffered, isOfRelease } from './decide-project.ts';
import type { ServedIndex } from './served-index.ts';

/** A release that somebody is about to install. */
export type AskedRelease = {
  readonly project: ProjectName;
  readonly version: string;
  /** The files that they accept; empty: any. */
  readonly sha256: readonly Sha256[];
};

/**
 * What the gate thinks of a release as a whole. `pending`: nothing is known against it, but no file of it was inspected
 * yet. `absent`: no upstream has it; `reserved`: public upstreams were not asked; `unknown`: no upstream could say.
 */
export type ReleaseVerdict = {
  readonly verdict: 'allow' | 'pending' | 'hold' | 'block' | 'absent' | 'reserved' | 'unknown';
  /** Why it is held or blocked, the decisive reason first. */
  readonly reasons: readonly Reason[];
};

/** These are about what the release is, not about one way to install it: one file of it that has them is enough. */
const OF_THE_RELEASE: ReadonlySet<string> = new Set(['revocation', 'denial', 'known-malicious']);
const AT_ONCE = 4;

/**
 * Judges many releases by what is known, as a page of the index does: nothing is downloaded. A release counts as its best
 * file, for that is what is installed, unless a file of it was denied, revoked or reported as malware.
 */
export function createReleaseVerdicts(decide: Pick<DecideProject, 'decideProject'>) {
  return async function releaseVerdicts(
    index: ServedIndex,
    asked: readonly AskedRelease[],
  ): Promise<readonly ReleaseVerdict[]> {
    const projects = [...new Set(asked.map(({ project }) => project))];
    const files = new Map<ProjectName, readonly DecidedFile[] | 'absent' | 'reserved' | 'unknown'>();
    for (let at = 0; at < projects.length; at += AT_ONCE) {
      await Promise.all(
        projects.slice(at, at + AT_ONCE).map(async (project) => files.set(project, await filesOf(index, project))),
      );
    }
    return asked.map(({ project, version, sha256 }) => {
      const found = files.get(project)!;
      return typeof found === 'string' ? { verdict: found, reasons: [] } : judge(found, version, sha256);
    });
  };

  async function filesOf(index: ServedIndex, project: ProjectName) {
    try {
      const decided = await decide.decideProject(index, project);
      return typeof decided === 'string' ? decided : decided.files;
    } catch (error) {
      if (error instanceof WheelgateError) return 'unknown';
      throw error;
    }
  }
}

function judge(files: readonly DecidedFile[], version: string, sha256: readonly Sha256[]): ReleaseVerdict {
  const ofRelease = files.filter((file) => isOfRelease(file, version));
  const named = ofRelease.filter(({ file }) => file.sha256 !== undefined && sha256.includes(file.sha256));
  const relevant = named.length > 0 ? named : ofRelease;
  const [first] = relevant;
  if (first === undefined) return { verdict: 'absent', reasons: [] };
  const refused = relevant.find(({ verdict }) => verdict.reasons.some(isOfTheRelease));
  const best = refused ?? relevant.reduce((a, b) => (rank(b) < rank(a) ? b : a), first);
  if (isPending(best.verdict)) return { verdict: 'pending', reasons: [] };
  return { verdict: best.verdict.kind, reasons: isOffered(best) ? [] : weighty(best.verdict.reasons) };
}

function isOfTheRelease({ rule, effect }: Reason): boolean {
  return effect === 'block' && OF_THE_RELEASE.has(rule);
}

function rank({ verdict }: DecidedFile): number {
  if (isPending(verdict)) return 1;
  return { allow: 0, hold: 2, block: 3 }[verdict.kind];
}

function weighty(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ effect, pending }) => effect !== 'note' && pending !== true);
}
