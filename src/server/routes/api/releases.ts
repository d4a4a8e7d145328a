import type { Release } from '../../../api/release.ts';
import type { Fact } from '../../../core/policy/fact.ts';
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
    return {
      ...head,
      state: found,
      upstream: null,
      policyRevision,
      advisoriesAsOf: null,
      files: [],
      requiresDist: null,
      offered: [],
    };
  }
  return {
    ...head,
    state: 'found',
    upstream: found.upstream,
    policyRevision,
    advisoriesAsOf: found.advisoriesAsOf?.toISOString() ?? null,
    files: found.files.map((file) => ({
      filename: file.filename,
      sha256: file.sha256 ?? null,
      uploadTime: file.uploadTime?.toISOString() ?? null,
      size: file.size ?? null,
      path: file.path,
      provenance: file.hasProvenance,
      approval: approvalRecord(file.approval),
      verdict: file.verdict.kind,
      inspected: file.inspected,
      reasons: file.verdict.reasons.map(({ rule, effect, message, until, pending }) => ({
        rule,
        effect,
        message,
        ...(until && { until: until.toISOString() }),
        ...(pending && { pending }),
      })),
    })),
    requiresDist: found.requiresDist === undefined ? null : [...found.requiresDist],
    offered: [...found.offered],
  };
}

function approvalRecord(fact: Fact | undefined): Release['files'][number]['approval'] {
  return fact ? { id: fact.id, actor: fact.actor, at: fact.at.toISOString() } : null;
}
