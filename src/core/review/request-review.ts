import type { ProjectName } from '../python/name.ts';
import {
  changed,
  isNews,
  type Requester,
  type Review,
  type ReviewChange,
  type ReviewEvent,
  type ReviewedFile,
} from './review.ts';

/** Somebody was refused files of a release, or asks for it by hand. */
export type ReviewRequest = {
  readonly index: string;
  readonly project: ProjectName;
  readonly version: string;
  readonly requester: Pick<Requester, 'name' | 'consumer' | 'userAgent' | 'reason'>;
  readonly files: readonly ReviewedFile[];
  readonly at: Date;
  /** How often they were refused since the last time this was noted; 0 for a request by hand. */
  readonly refusals: number;
  readonly assignees: readonly string[];
};

/** More of them say nothing new, and the record stays readable. */
const MAX_REQUESTERS = 200;
const MAX_FILES = 100;

export function openReview(id: string, request: ReviewRequest): ReviewChange {
  const { index, project, version, files, at, assignees } = request;
  const requester = newRequester(request);
  const review: Review = {
    id,
    index,
    project,
    version,
    state: 'open',
    revision: 1,
    openedAt: at,
    changedAt: at,
    waitsSince: at,
    requesters: [requester],
    files: files.slice(0, MAX_FILES),
    approved: [],
    votes: [],
    comments: [],
    assignees,
    reminded: 0,
    advisories: [],
  };
  const detail = {
    files: files.map(({ filename }) => filename),
    reasons: [...new Set(files.flatMap(({ reasons }) => reasons.map(({ rule }) => rule)))],
    ...(requester.reason !== undefined && { reason: requester.reason }),
    ...(requester.consumer !== undefined && { consumer: requester.consumer }),
    ...(assignees.length > 0 && { assignees }),
  };
  return { review, events: [{ type: 'review.opened', actor: requester.name, detail }] };
}

/**
 * Adds a request to a review that is there. It opens again what was settled only when something about the files is new:
 * asking once more is no evidence.
 */
export function addRequest(review: Review, request: ReviewRequest): ReviewChange {
  const { requester, at } = request;
  const known = review.requesters.find(({ name }) => name === requester.name);
  const requesters = known
    ? review.requesters.map((one) => (one === known ? askedAgain(known, request) : one))
    : [...review.requesters, newRequester(request)].slice(0, MAX_REQUESTERS);
  const files = mergeFiles(review.files, request.files);
  const reopens = review.state !== 'open' && opensAgain(review, request);
  const isToldOf =
    known === undefined || reopens || requester.reason !== undefined || files.length > review.files.length;
  const events: ReviewEvent[] = isToldOf
    ? [
        {
          type: 'review.requested',
          actor: requester.name,
          detail: {
            files: request.files.map(({ filename }) => filename),
            ...(requester.reason !== undefined && { reason: requester.reason }),
            ...(requester.consumer !== undefined && { consumer: requester.consumer }),
          },
        },
      ]
    : [];
  const next = changed(review, at, { requesters, files });
  if (!reopens) return { review: next, events };
  // What was approved on other evidence takes its people again; the rest of the files does not.
  const keep = review.approved.filter(
    (digest) => !request.files.some((file) => file.sha256 === digest && hasNewEvidence(review, file)),
  );
  const again = reopen(next, { by: 'gate', at, why: 'what is known about its files changed', keep });
  return { review: again.review, events: [...events, ...again.events] };
}

/**
 * Puts a settled review before people again. The facts that it made stay in force until they decide, but none of its
 * approvals counts towards the next one.
 * @param act.keep digests whose approval still counts; none by default
 */
export function reopen(
  review: Review,
  {
    by,
    at,
    why,
    keep = [],
  }: { readonly by: string; readonly at: Date; readonly why: string; readonly keep?: Review['approved'] },
): ReviewChange {
  const { outcome, ...rest } = review;
  // Votes of before were about what was known before.
  const open = changed(rest, at, { state: 'open', votes: [], approved: keep, waitsSince: at, reminded: 0 });
  return { review: open, events: [{ type: 'review.reopened', actor: by, detail: { why, before: review.state } }] };
}

/**
 * A file that is not among those that were settled, or of which something else is known now. After a rejection the digest
 * must be one that people have not seen, or its evidence must differ; after an approval it must have been refused all the same.
 */
function opensAgain(review: Review, { files }: ReviewRequest): boolean {
  if (review.state === 'unneeded') return true;
  return files.some((file) => {
    if (file.sha256 !== undefined && review.approved.includes(file.sha256)) return hasNewEvidence(review, file);
    if (review.state === 'approved') return true;
    return hasNewEvidence(review, file);
  });
}

function hasNewEvidence(review: Review, file: ReviewedFile): boolean {
  const before = review.files.find(({ filename }) => filename === file.filename);
  return before === undefined || isNews(before.evidence, file.evidence);
}

/** The newest about each file, in the order in which they were first asked for. */
export function mergeFiles(before: readonly ReviewedFile[], now: readonly ReviewedFile[]): readonly ReviewedFile[] {
  const byName = new Map(before.map((file) => [file.filename, file]));
  for (const file of now) byName.set(file.filename, file);
  return [...byName.values()].slice(0, MAX_FILES);
}

function newRequester({ requester, at, refusals }: ReviewRequest): Requester {
  return { ...requester, firstAt: at, lastAt: at, times: refusals };
}

function askedAgain(known: Requester, { requester, at, refusals }: ReviewRequest): Requester {
  return { ...known, ...requester, lastAt: at, times: known.times + refusals };
}
