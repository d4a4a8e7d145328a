import { parseProjectName } from '../../../core/python/name.ts';
import { parseSha256 } from '../../../core/sha256.ts';
import type { AskedRelease, ReleaseVerdict } from '../../../gate/release-verdicts.ts';
import type { ServedIndex } from '../../../gate/served-index.ts';
import type { Handlers } from '../../api/handler.ts';

export type VerdictNeeds = {
  readonly releaseVerdicts: (index: ServedIndex, asked: readonly AskedRelease[]) => Promise<readonly ReleaseVerdict[]>;
  /** @throws {WheelgateError} NOT_FOUND */
  readonly index: (name: string) => ServedIndex;
};

export function verdictHandlers({ releaseVerdicts, index: findIndex }: VerdictNeeds): Pick<Handlers, 'judgeReleases'> {
  return {
    async judgeReleases({ body }) {
      const index = findIndex(body.index);
      const asked = body.releases.map(({ project, version, sha256 }) => ({
        project: parseProjectName(project),
        version,
        sha256: sha256.map(parseSha256),
      }));
      const verdicts = await releaseVerdicts(index, asked);
      return {
        schema: 'wheelgate.verdicts/1',
        index: index.name,
        policyRevision: index.policy().revision,
        verdicts: verdicts.map(({ verdict, reasons }) => ({
          verdict,
          reasons: reasons.flatMap(({ rule, effect, message, until }) =>
            effect === 'note' ? [] : [{ rule, effect, message, ...(until && { until: until.toISOString() }) }],
          ),
        })),
      };
    },
  };
}
