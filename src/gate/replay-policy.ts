import { decide } from '../core/policy/decide.ts';
import { type HoldCost, holdCost } from '../core/policy/hold-cost.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Verdict } from '../core/policy/verdict.ts';
import type { ProjectName } from '../core/python/name.ts';
import { parseSha256, type Sha256 } from '../core/sha256.ts';
import type { DecideProject } from './decide-project.ts';
import type { AuditLog, Store } from './ports.ts';
import type { ServedIndex } from './served-index.ts';

/** The first request for one file, and what the replayed policy says to it at that moment. */
export type ReplayedRequest = {
  readonly at: Date;
  readonly index: string;
  readonly project: ProjectName;
  readonly version?: string;
  readonly filename: string;
  /** What happened then. */
  readonly was: 'served' | 'refused';
  readonly verdict: Verdict;
  readonly cost?: HoldCost;
};

export type Replay = {
  readonly requests: readonly ReplayedRequest[];
  /** Recorded requests whose file is not known any more: they could not be decided. */
  readonly unknown: number;
};

export type ReplayPolicyNeeds = {
  readonly indexes: readonly ServedIndex[];
  readonly store: Pick<Store, 'files'>;
  readonly log: AuditLog;
  readonly decide: Pick<DecideProject, 'decideKnownFiles'>;
};

const BATCH = 1_000;

/**
 * Asks a policy about every file that was ever requested, as of its first request: age and "in use" as they were then,
 * advisories and inspections as they are known now.
 * @param since requests before it are left out; what they let in is still in use
 */
export function createReplayPolicy({ indexes, store, log, decide: { decideKnownFiles } }: ReplayPolicyNeeds) {
  return async function replayPolicy(policy: Policy, since: Date): Promise<Replay> {
    const requests: ReplayedRequest[] = [];
    const seen = new Set<string>();
    const inUse = new Set<string>();
    let unknown = 0;
    for await (const request of recordedRequests(log)) {
      const key = `${request.index} ${request.sha256}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const replayed = await replay(policy, request, inUse);
      if (replayed?.verdict.kind === 'allow') inUse.add(`${request.index} ${replayed.project}`);
      if (request.at < since) continue;
      if (replayed) requests.push(replayed);
      else unknown++;
    }
    return { requests, unknown };
  };

  async function replay(
    policy: Policy,
    { at, index: name, sha256, was }: RecordedRequest,
    inUse: ReadonlySet<string>,
  ): Promise<ReplayedRequest | undefined> {
    const index = indexes.find((one) => one.name === name);
    const known = (await store.files.findByDigest(sha256)).find((file) => file.index === name);
    const owner = index?.upstreams.find(({ upstream }) => upstream.name === known?.upstream)?.upstream;
    if (!index || !known || !owner) return undefined;
    const [decided] = await decideKnownFiles(index, known.project, owner, [known]);
    const { evidence } = decided!;
    const then = {
      ...evidence,
      project: { ...evidence.project, approvedBefore: inUse.has(`${name} ${known.project}`) },
      facts: evidence.facts.filter((fact) => fact.at <= at),
    };
    const verdict = decide(policy, then, at);
    const cost = holdCost(verdict, at);
    return {
      at,
      index: name,
      project: known.project,
      filename: known.file.filename,
      was,
      verdict,
      ...(known.version !== undefined && { version: known.version }),
      ...(cost && { cost }),
    };
  }
}

type RecordedRequest = {
  readonly at: Date;
  readonly index: string;
  readonly sha256: Sha256;
  readonly was: ReplayedRequest['was'];
};

async function* recordedRequests(log: AuditLog): AsyncGenerator<RecordedRequest> {
  let after = 0;
  for (;;) {
    const events = await log.read({ after, limit: BATCH });
    for (const { at, type, detail } of events) {
      if (type !== 'file.served' && type !== 'file.refused') continue;
      const { index, sha256 } = detail;
      // A refusal before the bytes were known names no digest: the same file's later request does.
      if (typeof index !== 'string' || typeof sha256 !== 'string') continue;
      yield { at, index, sha256: parseSha256(sha256), was: type === 'file.served' ? 'served' : 'refused' };
    }
    const last = events.at(-1);
    if (!last) return;
    after = last.seq;
  }
}
