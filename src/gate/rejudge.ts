import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProjectName } from '../core/python/name.ts';
import type { DecideProject } from './decide-project.ts';
import type { Judge } from './judge.ts';
import type { Store } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

export type RejudgeNeeds = {
  readonly decide: DecideProject;
  readonly judge: Pick<Judge, 'record'>;
  readonly store: Pick<Store, 'verdicts' | 'files'>;
};

/**
 * Decides again what was decided before, after facts, advisories or the policy changed, and records every verdict that
 * came out differently. Nothing is asked of an upstream: every file is decided by what is stored.
 * @returns the projects whose verdict on some file changed
 */
export type Rejudge = ReturnType<typeof createRejudge>;

export function createRejudge({ decide, judge, store }: RejudgeNeeds) {
  return async function rejudge(index: ServedIndex, projects: readonly ProjectName[]): Promise<readonly ProjectName[]> {
    const changed: ProjectName[] = [];
    for (const project of projects) {
      // Nobody waits for this; requests do, and the store answers without ever giving them a turn.
      await nextTurn();
      const known = (await store.files.findByProject(project)).filter((file) => file.index === index.name);
      let changes = 0;
      for (const { upstream } of index.upstreams) {
        const files = known.filter((file) => file.upstream === upstream.name);
        if (files.length === 0) continue;
        for (const decided of await decide.decideKnownFiles(index, project, upstream, files)) {
          if (await judge.record(index, decided)) changes++;
        }
      }
      if (changes > 0) changed.push(project);
    }
    return changed;
  };
}
