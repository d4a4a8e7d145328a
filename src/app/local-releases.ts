import type { ProjectName } from '../core/python/name.ts';
import type { Requirement } from '../core/python/requirement.ts';
import { compareVersions } from '../core/python/version.ts';
import { type DecidedFile, isOffered } from '../gate/decide-project.ts';
import { offeredReleases } from '../gate/offered-releases.ts';
import type { ReleaseSource } from '../gate/ports.ts';
import { readServedRequirements, readWheelRequirements, requirementsIn } from '../gate/release-metadata.ts';
import type { ServedIndex } from '../gate/served-index.ts';
import type { Gate } from './open-gate.ts';

/** What the policy of this machine lets in of its upstreams, by the pages of the data folder while they are fresh. */
export function createLocalReleases(gate: Gate, index: ServedIndex): ReleaseSource {
  async function filesOf(project: ProjectName): Promise<readonly DecidedFile[] | undefined> {
    const decided = await gate.decide.decideProject(index, project);
    return typeof decided === 'string' ? undefined : decided.files;
  }

  async function requirementsOf(decided: DecidedFile): Promise<readonly Requirement[] | undefined> {
    const { inspection, owner, file } = decided;
    if (inspection?.metadata !== undefined) return requirementsIn(Buffer.from(inspection.metadata.base64, 'base64'));
    return (await readServedRequirements(owner, file)) ?? readWheelRequirements(owner, file);
  }

  return {
    async releases(project) {
      const files = await filesOf(project);
      return files && offeredReleases(project, files.map(asOffered));
    },
    async requirements(project, version) {
      const wheels = ((await filesOf(project)) ?? []).filter(
        ({ name, version: own }) => name.kind === 'wheel' && own !== undefined && compareVersions(own, version) === 0,
      );
      // Wheels of one release seldom differ in what they ask for: the smallest is the cheapest to ask.
      const [smallest] = wheels.sort(
        (a, b) =>
          Number(b.inspection !== undefined) - Number(a.inspection !== undefined) ||
          (a.file.size ?? 0) - (b.file.size ?? 0),
      );
      return smallest && requirementsOf(smallest);
    },
  };
}

function asOffered(decided: DecidedFile) {
  const { file, verdict } = decided;
  if (file.yanked !== undefined) return { file, refused: `yanked${file.yanked === '' ? '' : `: ${file.yanked}`}` };
  const [reason] = verdict.reasons.filter(({ effect, pending }) => effect !== 'note' && pending !== true);
  return isOffered(decided) ? { file } : { file, refused: reason?.message ?? 'the policy does not let it in' };
}
