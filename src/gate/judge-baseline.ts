import { hasCode, WheelgateError } from '../core/errors.ts';
import { type AdoptedRelease, filesToInspect } from '../core/lock/adoption.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { WheelTarget } from '../core/python/rank-wheel.ts';
import { type DecidedFile, type DecideProject, isOfRelease } from './decide-project.ts';
import type { Judge } from './judge.ts';
import type { ServedIndex } from './served-index.ts';

export type JudgeBaselineNeeds = {
  readonly decide: Pick<DecideProject, 'decideProject'>;
  readonly judge: Pick<Judge, 'judge'>;
};

/**
 * Judges a release that a team uses already by the policy of an index: has the files that a machine of this kind installs
 * inspected, whatever speaks against them so far, and says where the release stands.
 */
export function createJudgeBaseline({ decide, judge }: JudgeBaselineNeeds) {
  return async function judgeBaseline(
    index: ServedIndex,
    project: ProjectName,
    version: string,
    target: WheelTarget,
  ): Promise<AdoptedRelease> {
    const about = { project, version, approvable: [] };
    const decided = await decide.decideProject(index, project);
    const files = typeof decided === 'string' ? [] : decided.files.filter((file) => isOfRelease(file, version));
    if (files.length === 0) return { ...about, state: 'absent', reason: 'no upstream of the gate has it' };
    const judged: DecidedFile[] = [];
    for (const file of filesToInspect(files, target)) {
      try {
        judged.push(await judge.judge(index, file));
      } catch (error) {
        if (hasCode(error, 'DIGEST_MISMATCH')) {
          return { ...about, state: 'blocked', reason: 'upstream sent other bytes than the sha256 it promised' };
        }
        if (!(error instanceof WheelgateError)) throw error;
        return { ...about, state: 'unread', reason: error.message };
      }
    }
    return standingOf(about, judged);
  };
}

function standingOf(
  about: Pick<AdoptedRelease, 'project' | 'version' | 'approvable'>,
  files: readonly DecidedFile[],
): AdoptedRelease {
  const worst =
    files.find(({ verdict }) => verdict.kind === 'block') ?? files.find(({ verdict }) => verdict.kind === 'hold');
  if (worst === undefined) {
    return { ...about, state: 'baseline', approvable: files.flatMap(({ file }) => file.sha256 ?? []) };
  }
  const { kind, reasons } = worst.verdict;
  const reason = reasons.find(({ effect, pending }) => effect === kind && !pending) ?? reasons[0];
  return {
    ...about,
    state: kind === 'block' ? 'blocked' : 'exempted-baseline',
    ...(reason && { reason: reason.message }),
  };
}
