import type { Release } from '../../../api/release.ts';
import { type ProjectName, parseProjectName } from '../../../core/python/name.ts';
import type { ReleaseExplanation } from '../../../gate/explain-release.ts';
import type { ServedIndex } from '../../../gate/served-index.ts';
import type { Handlers } from '../../api/handler.ts';

export type ReleaseNeeds = {
  readonly explainRelease: (
    index: ServedIndex,
    project: ProjectName,
    version?: string,
  ) => Promise<ReleaseExplanation | 'absent' | 'reserved'>;
  /** @throws {WheelgateError} NOT_FOUND */
  readonly index: (name: string) => ServedIndex;
};

export function releaseHandlers(needs: ReleaseNeeds): Pick<Handlers, 'readProject' | 'readRelease'> {
  return {
    readProject: ({ params, query }) => explain(needs, query.index, params.project, undefined),
    readRelease: ({ params, query }) => explain(needs, query.index, params.project, params.version),
  };
}

async function explain(
  { explainRelease, index: findIndex }: ReleaseNeeds,
  indexName: string,
  rawProject: string,
  version: string | undefined,
): Promise<Release> {
  const index = findIndex(indexName);
  const project = parseProjectName(rawProject);
  const found = await explainRelease(index, project, version);
  const head = {
    schema: 'wheelgate.release/1' as const,
    index: index.name,
    project,
    version: version ?? null,
  };
  const policyRevision = index.policy().revision;
  if (typeof found === 'string') {
    return { ...head, state: found, upstream: null, policyRevision, advisoriesAsOf: null, files: [], offered: [] };
  }
  return {
    ...head,
    state: 'found',
    upstream: found.upstream,
    policyRevision,
    advisoriesAsOf: found.advisoriesAsOf?.toISOString() ?? null,
    files: found.files.map(({ filename, sha256, uploadTime, verdict, inspected }) => ({
      filename,
      sha256: sha256 ?? null,
      uploadTime: uploadTime?.toISOString() ?? null,
      verdict: verdict.kind,
      inspected,
      reasons: verdict.reasons.map(({ rule, effect, message, until }) => ({
        rule,
        effect,
        message,
        ...(until && { until: until.toISOString() }),
      })),
    })),
    offered: [...found.offered],
  };
}
