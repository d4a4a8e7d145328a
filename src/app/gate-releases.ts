import type { GateApi } from '../api/gate-api.ts';
import { MAX_RELEASES } from '../api/verdict.ts';
import { WheelgateError } from '../core/errors.ts';
import type { IndexFile } from '../core/index/page.ts';
import { parseFilenameFor } from '../core/python/filename.ts';
import type { ProjectName } from '../core/python/name.ts';
import { compareVersions } from '../core/python/version.ts';
import { offeredReleases } from '../gate/offered-releases.ts';
import type { OfferedRelease, ReleaseSource, Upstream } from '../gate/ports.ts';
import { readServedRequirements, readWheelRequirements } from '../gate/release-metadata.ts';

/** What a gate lets in, by its index as installers see it and by its verdicts. */
export function createGateReleases(api: GateApi, gateIndex: Upstream, index: string): ReleaseSource {
  const pages = new Map<ProjectName, Promise<readonly IndexFile[] | undefined>>();
  const filesOf = (project: ProjectName) => {
    const known = pages.get(project) ?? readFiles(gateIndex, project);
    pages.set(project, known);
    return known;
  };
  return {
    async releases(project) {
      const files = await filesOf(project);
      if (files === undefined) return undefined;
      const listed = offeredReleases(
        project,
        files.map((file) => (file.yanked === undefined ? { file } : { file, refused: file.yanked || 'yanked' })),
      );
      // Where nothing is allowed, the page lists what is held without a word: the verdict says it.
      return refuseHeld(api, index, project, listed);
    },
    async requirements(project, version) {
      const files = (await filesOf(project)) ?? [];
      for (const file of files) {
        const named = parseFilenameFor(project, file.filename);
        if (named.kind !== 'wheel' || !named.version || compareVersions(named.version, version) !== 0) continue;
        try {
          const read =
            (await readServedRequirements(gateIndex, file)) ?? (await readWheelRequirements(gateIndex, file));
          if (read !== undefined) return read;
        } catch (error) {
          // A held file gives no metadata either; another one of the release may.
          if (!(error instanceof WheelgateError)) throw error;
        }
      }
      return undefined;
    },
  };
}

async function readFiles(gateIndex: Upstream, project: ProjectName): Promise<readonly IndexFile[] | undefined> {
  const answer = await gateIndex.readPage(project);
  return answer.kind === 'page' ? answer.page.files : undefined;
}

async function refuseHeld(
  api: GateApi,
  index: string,
  project: ProjectName,
  listed: readonly OfferedRelease[],
): Promise<readonly OfferedRelease[]> {
  const newest = listed.slice(-MAX_RELEASES);
  const releases = newest.map(({ version, sha256 }) => ({ project, version: version.text, sha256: [...sha256] }));
  const { verdicts } = await api.call('judgeReleases', { body: { index, releases } });
  return newest.map((release, at) => {
    const said = verdicts[at];
    if (said?.verdict === 'allow' || said?.verdict === 'pending') return release;
    return { ...release, refused: release.refused ?? said?.reasons[0]?.message ?? 'the gate does not let it in' };
  });
}
