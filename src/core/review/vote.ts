import { WheelgateError } from '../errors.ts';
import type { Sha256 } from '../sha256.ts';
import { CAUSE_SAID } from './causes.ts';
import type { Criteria } from './criteria.ts';
import { changed, isNews, type Review, type ReviewChange, type ReviewedFile, type Vote } from './review.ts';

/** A file that a vote covers: its bytes were read. */
export type VotedFile = ReviewedFile & { readonly sha256: Sha256 };

export type CastVote = {
  /** The person who answers for it (core/identity): two tokens of one person are one. */
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
  readonly criteria: Criteria;
  readonly files: readonly VotedFile[];
};

/** Digests that have the people they need now, with who they are and the least that they all said. */
export type Settled = {
  readonly file: VotedFile;
  readonly approvers: readonly string[];
  readonly criteria: Criteria;
};

/**
 * One person's approval of some files. A file is approved when as many different people as it needs have voted for it on
 * the same evidence, none of whom asked for it; the review is, when all files asked for are.
 * @throws {WheelgateError} REVIEW_REFUSED when this person may not decide this, REVIEW_CLOSED when it is settled
 */
export function castVote(review: Review, vote: CastVote): ReviewChange & { readonly settled: readonly Settled[] } {
  requireOpen(review);
  requireOther(review, vote.by, 'approve');
  if (vote.files.length === 0)
    throw new WheelgateError('USAGE', 'this approval covers no file', 'Name files that the review is about.');
  // A vote may cover more than was asked for; the review is about what was asked for.
  const files = review.files.map((file) => vote.files.find(({ filename }) => filename === file.filename) ?? file);
  const votes = [...review.votes, recorded(vote)];
  const settled = vote.files.flatMap((file) => settle(review, votes, file));
  const newly = settled.filter(({ file }) => !review.approved.includes(file.sha256));
  if (newly.length === 0 && hasVoted(review, vote)) {
    throw new WheelgateError(
      'REVIEW_REFUSED',
      'you have approved this already, and it needs another person',
      `Two people approve it: ${saidCauses(vote.files)}.`,
    );
  }
  const approved = [...new Set([...review.approved, ...settled.map(({ file }) => file.sha256)])];
  const isDone = files.every(({ sha256 }) => sha256 !== undefined && approved.includes(sha256));
  const approvers = [...new Set(settled.flatMap((one) => one.approvers))];
  const [weakest] = settled.map(({ criteria }) => criteria).sort(byStrength);
  const detail = { reason: vote.reason, criteria: vote.criteria, sha256: vote.files.map(({ sha256 }) => sha256) };
  const next = changed(review, vote.at, {
    files,
    votes,
    approved,
    ...(isDone && {
      state: 'approved' as const,
      outcome: { by: approvers, reason: vote.reason, at: vote.at, ...(weakest && { criteria: weakest }) },
    }),
  });
  return {
    review: next,
    settled: newly,
    events: [
      { type: 'review.voted', actor: vote.by, detail },
      ...(isDone ? [{ type: 'review.approved' as const, actor: vote.by, detail: { ...detail, approvers } }] : []),
    ],
  };
}

/** How many people a file needs. */
export function peopleNeeded({ causes }: Pick<ReviewedFile, 'causes'>): 1 | 2 {
  return causes.length > 0 ? 2 : 1;
}

/** The causes for two people among files, for a person. */
export function saidCauses(files: readonly Pick<ReviewedFile, 'causes'>[]): string {
  return [...new Set(files.flatMap(({ causes }) => causes))].map((cause) => CAUSE_SAID[cause]).join('; ');
}

/** @throws {WheelgateError} REVIEW_REFUSED when `by` is one of those who want the release */
function requireOther(review: Review, by: string, verb: string): void {
  if (!review.requesters.some(({ name }) => name === by)) return;
  throw new WheelgateError(
    'REVIEW_REFUSED',
    `${by} asked for ${review.project} ${review.version}: somebody else has to ${verb} it`,
    'Ask a reviewer who has not asked for it.',
  );
}

/** @throws {WheelgateError} REVIEW_CLOSED */
export function requireOpen(review: Review): void {
  if (review.state === 'open') return;
  throw new WheelgateError(
    'REVIEW_CLOSED',
    `review ${review.id} is ${review.state} already`,
    'Open it again with `wheelgate review reopen` when there is new evidence.',
  );
}

function settle(review: Review, votes: readonly Vote[], file: VotedFile): readonly Settled[] {
  const counted = votes.filter(
    ({ by, files }) =>
      // Who asked after they voted does not count any more.
      !review.requesters.some(({ name }) => name === by) &&
      files.some(({ sha256, evidence }) => sha256 === file.sha256 && !isNews(evidence, file.evidence)),
  );
  const approvers = [...new Set(counted.map(({ by }) => by))];
  if (approvers.length < peopleNeeded(file)) return [];
  return [{ file, approvers, criteria: counted.map(({ criteria }) => criteria).sort(byStrength)[0]! }];
}

function recorded({ by, at, reason, criteria, files }: CastVote): Vote {
  return { by, at, reason, criteria, files: files.map(({ sha256, evidence }) => ({ sha256, evidence })) };
}

function hasVoted({ votes }: Review, { by, files }: CastVote): boolean {
  return files.every((file) =>
    votes.some(
      (vote) =>
        vote.by === by &&
        vote.files.some(({ sha256, evidence }) => sha256 === file.sha256 && !isNews(evidence, file.evidence)),
    ),
  );
}

function byStrength(a: Criteria, b: Criteria): number {
  return Number(a === 'safe-to-deploy') - Number(b === 'safe-to-deploy');
}
