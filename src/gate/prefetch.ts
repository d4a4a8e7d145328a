import { rankWheel, type WheelTarget } from '../core/python/rank-wheel.ts';
import { compareVersions, isPrerelease } from '../core/python/version.ts';
import { type DecidedFile, type DecidedProject, isOffered } from './decide-project.ts';
import type { Judge } from './judge.ts';

/** Inspections that run ahead at once; requests that somebody waits for are not counted. */
const MAX_AHEAD = 2;

/**
 * Fetches and inspects the file that a client will most likely ask for next, so that its first download does not wait.
 * Drops the work when enough runs ahead already; failures are left to the request itself.
 */
export function createPrefetch(prepare: Judge['prepare']) {
  let running = 0;
  return function prefetch(decided: DecidedProject, target: WheelTarget): void {
    if (running >= MAX_AHEAD) return;
    const file = likeliestFile(decided.files, target);
    if (!file || file.met) return;
    running++;
    prepare(file)
      .catch(() => undefined)
      .finally(() => running--);
  };
}

/** The newest release that is offered and no pre-release, and of it the wheel that fits best. */
export function likeliestFile(files: readonly DecidedFile[], target: WheelTarget): DecidedFile | undefined {
  let best: { file: DecidedFile; rank: number } | undefined;
  // From the end, where the newest mostly are: the thousands before them then need no look at their tags.
  for (const file of files.toReversed()) {
    if (!file.version || isPrerelease(file.version) || file.file.yanked !== undefined || !isOffered(file)) continue;
    const order = best ? compareVersions(file.version, best.file.version!) : 1;
    if (order < 0) continue;
    const rank = file.name.kind === 'wheel' ? rankWheel(file.name.tags, target) : undefined;
    if (rank === undefined) continue;
    if (order > 0 || (order === 0 && rank < best!.rank)) best = { file, rank };
  }
  return best?.file;
}
