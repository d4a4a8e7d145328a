import type { DistFilename } from '../python/filename.ts';
import type { ProjectName } from '../python/name.ts';
import { rankWheel, type WheelTarget } from '../python/rank-wheel.ts';
import type { Sha256 } from '../sha256.ts';

/** Where a release that a team uses already stands with the policy. */
export type AdoptedRelease = {
  readonly project: ProjectName;
  readonly version: string;
  /**
   * `baseline`: let in, and approved as it is. `exempted-baseline`: used and held, to be reviewed or replaced. `blocked`: must
   * go. `absent`: no upstream has it. `unread`: its bytes could not be had, so that nothing is known.
   */
  readonly state: 'baseline' | 'exempted-baseline' | 'blocked' | 'absent' | 'unread';
  /** Why it is not let in, in one line without text from the package. */
  readonly reason?: string;
  /** Digests of the files that were inspected and let in: what an approval covers. */
  readonly approvable: readonly Sha256[];
};

/**
 * The files of a release that a machine of this kind installs: the wheel that fits best, or without one the sdist. Others are
 * inspected when somebody asks for them.
 */
export function filesToInspect<File extends { readonly name: DistFilename }>(
  files: readonly File[],
  target: WheelTarget,
): readonly File[] {
  let best: { readonly file: File; readonly rank: number } | undefined;
  for (const file of files) {
    const rank = file.name.kind === 'wheel' ? rankWheel(file.name.tags, target) : undefined;
    if (rank !== undefined && (best === undefined || rank < best.rank)) best = { file, rank };
  }
  if (best) return [best.file];
  const sdist = files.find(({ name }) => name.kind === 'sdist');
  return sdist ? [sdist] : files.slice(0, 1);
}
