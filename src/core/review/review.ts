import type { AuditEventInput } from '../audit/event.ts';
import type { ProjectName } from '../python/name.ts';
import type { Sha256 } from '../sha256.ts';
import type { TwoPeopleCause } from './causes.ts';
import type { Criteria } from './criteria.ts';

/** `unneeded`: the rules let the files in by themselves meanwhile, or they are gone. */
export const REVIEW_STATES = ['open', 'approved', 'rejected', 'unneeded'] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** Somebody who wants the release. `name` is who answers for it (core/identity), and may not approve it. */
export type Requester = {
  readonly name: string;
  /** The project of the team that installs, where that is known. */
  readonly consumer?: string;
  readonly userAgent?: string;
  /** What they wrote, when they asked by hand. */
  readonly reason?: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly times: number;
};

/** A file that somebody wanted and did not get. */
export type ReviewedFile = {
  readonly filename: string;
  /** Absent while the upstream gives none and nobody has read the bytes. */
  readonly sha256?: Sha256;
  readonly verdict: 'allow' | 'hold' | 'block';
  readonly reasons: readonly { readonly rule: string; readonly effect: string; readonly message: string }[];
  /** Why two people must approve it; empty: one is enough. Known once the bytes were read. */
  readonly causes: readonly TwoPeopleCause[];
  /** What is known about the file, an entry for each thing; less of it is no news. */
  readonly evidence: readonly string[];
};

/** One person's yes to some digests, as the evidence was then. */
export type Vote = {
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
  readonly criteria: Criteria;
  readonly files: readonly { readonly sha256: Sha256; readonly evidence: readonly string[] }[];
};

export type Comment = { readonly by: string; readonly at: Date; readonly text: string };

export type Outcome = {
  readonly by: readonly string[];
  readonly reason: string;
  readonly at: Date;
  readonly criteria?: Criteria;
};

/**
 * What the team thinks of one release on one index: one record, shared by all who want it. Changed only by the functions of
 * request-review.ts, vote.ts and settle-review.ts, each change with its audit events.
 */
export type Review = {
  readonly id: string;
  readonly index: string;
  readonly project: ProjectName;
  readonly version: string;
  readonly state: ReviewState;
  /** Rises by one with every change. */
  readonly revision: number;
  readonly openedAt: Date;
  readonly changedAt: Date;
  /** When it was last put before people: reminders count from here. */
  readonly waitsSince: Date;
  readonly requesters: readonly Requester[];
  readonly files: readonly ReviewedFile[];
  /** Digests that were approved, asked for or not. */
  readonly approved: readonly Sha256[];
  readonly votes: readonly Vote[];
  readonly comments: readonly Comment[];
  /** Who should look at it; anybody with the permission may. */
  readonly assignees: readonly string[];
  /** How many reminders went out since `waitsSince`. */
  readonly reminded: number;
  /** Advisories that were known when it was settled: a new one opens it again. */
  readonly advisories: readonly string[];
  /** By when somebody must have looked, whatever the files do meanwhile (after break-glass). */
  readonly dueAt?: Date;
  readonly outcome?: Outcome;
};

/** What happened to a review, for the audit log; the flow adds time and subject. */
export type ReviewEvent = {
  readonly type: Extract<AuditEventInput['type'], `review.${string}`>;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** A review after a change, and what to tell about it. No events: nothing changed that is worth a word. */
export type ReviewChange = { readonly review: Review; readonly events: readonly ReviewEvent[] };

/** Whether something is known now that was not. */
export function isNews(before: readonly string[], now: readonly string[]): boolean {
  return now.some((entry) => !before.includes(entry));
}

/** The next revision of a review. */
export function changed(review: Review, at: Date, over: Partial<Review>): Review {
  return { ...review, ...over, revision: review.revision + 1, changedAt: at };
}
