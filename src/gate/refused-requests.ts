import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { latestFacts } from '../core/policy/fact.ts';
import { isEmergency } from '../core/policy/verdict.ts';
import type { ProjectName } from '../core/python/name.ts';
import { addRequest, openReview, type ReviewRequest } from '../core/review/request-review.ts';
import type { Requester, ReviewedFile } from '../core/review/review.ts';
import { ownersOf } from '../core/review/review-settings.ts';
import type { ChangeReview } from './change-review.ts';
import type { DecidedFile } from './decide-project.ts';
import type { Judge } from './judge.ts';
import type { Clock } from './ports.ts';
import { reviewedFile, whyNoApprovalHelps } from './reviewed-file.ts';
import type { ServedIndex } from './served-index.ts';

/** Refusals wait so long for others of the same kind before they are written: pip asks for metadata and file at once. */
const WRITE_AFTER_MS = 200;
/** The same person who is refused the same file again is written down after this: a loop in CI is one line. */
const SAME_AGAIN_MS = 10 * 60_000;
/** More are dropped until these are written; whoever asks again opens the review then. */
const MAX_WAITING = 2_000;
/** Files that are fetched and read ahead at once, so that a reviewer finds the evidence there. */
const MAX_AHEAD = 2;

export type RefusedRequest = Pick<Requester, 'name' | 'consumer' | 'userAgent'>;

export type RefusedRequestsNeeds = {
  readonly changes: Pick<ChangeReview, 'openOrChange'>;
  readonly prepare: Judge['prepare'];
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

type Waiting = {
  readonly index: ServedIndex;
  readonly project: ProjectName;
  readonly version: string;
  readonly requester: RefusedRequest;
  readonly files: Map<string, DecidedFile>;
  refusals: number;
  readonly at: Date;
};

/**
 * Turns refused requests into reviews, without making the refusal wait: one review per release, however many ask, and one
 * write for what comes together.
 */
export function createRefusedRequests({ changes, prepare, clock, onError }: RefusedRequestsNeeds) {
  let waiting = new Map<string, Waiting>();
  const written = new LRUCache<string, true>({ max: 20_000, ttl: SAME_AGAIN_MS });
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let ahead = 0;

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeAll);
    return writing;
  }

  async function writeAll(): Promise<void> {
    const batch = waiting;
    waiting = new Map();
    for (const one of batch.values()) {
      try {
        await write(one);
      } catch (error) {
        // The next refusal tries again.
        for (const file of one.files.values()) written.delete(keyOf(one, file));
        onError(error);
      }
    }
  }

  async function write({ index, project, version, requester, files, refusals, at }: Waiting): Promise<void> {
    const policy = index.policy();
    const list = [...files.values()];
    const request: ReviewRequest = {
      index: index.name,
      project,
      version,
      requester,
      refusals,
      at,
      files: list.map((file): ReviewedFile => reviewedFile(file, policy, at)),
      assignees: ownersOf(project, policy.reviews),
    };
    // What people denied opens no new review; the one that there is may learn that its evidence changed.
    const opens = list.some((file) => !isDenied(file) && whyNoApprovalHelps(file, policy, at) === undefined);
    await changes.openOrChange(
      request,
      () => (opens ? openReview(reviewId(), request) : undefined),
      (review) => addRequest(review, request),
    );
    if (opens) list.forEach(readAhead);
  }

  function readAhead(file: DecidedFile): void {
    if (file.inspection !== undefined || ahead >= MAX_AHEAD) return;
    ahead++;
    prepare(file)
      // Whoever decides has the file read again, and is told what failed.
      .catch(() => undefined)
      .finally(() => ahead--);
  }

  return {
    /** Notes that somebody was refused a file; returns at once. */
    note(index: ServedIndex, requester: RefusedRequest, file: DecidedFile): void {
      const { project, rawVersion } = file.evidence.file;
      if (rawVersion === undefined || isEmergency(file.verdict) || waiting.size >= MAX_WAITING) return;
      const key = `${index.name} ${project} ${rawVersion} ${requester.name}`;
      const there = waiting.get(key);
      const one = there ?? {
        index,
        project,
        version: rawVersion,
        requester,
        files: new Map<string, DecidedFile>(),
        refusals: 0,
        at: clock(),
      };
      if (there === undefined && written.has(keyOf(one, file))) return;
      written.set(keyOf(one, file), true);
      one.files.set(file.file.filename, file);
      one.refusals++;
      waiting.set(key, one);
      timer ??= setTimeout(() => void flush(), WRITE_AFTER_MS).unref();
    },
    /** Resolves when everything noted before is written, or was tried in vain. */
    flush,
  };
}

export type RefusedRequests = ReturnType<typeof createRefusedRequests>;

/** The verdict is part of it: another refusal is news. */
function keyOf({ index, requester }: Pick<Waiting, 'index' | 'requester'>, { path, verdict }: DecidedFile): string {
  return `${index.name} ${path} ${requester.name} ${verdict.reasons.map(({ rule }) => rule).join()}`;
}

function isDenied({ evidence }: DecidedFile): boolean {
  const { denial, revocation } = latestFacts(evidence.facts);
  return denial !== undefined || revocation !== undefined;
}

/** Short enough to be typed. */
export function reviewId(): string {
  return randomBytes(5).toString('hex');
}
