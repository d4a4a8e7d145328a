import { z } from 'zod';
import { CRITERIA } from '../core/review/criteria.ts';
import { REVIEW_STATES } from '../core/review/review.ts';
import type { Endpoint } from './endpoint.ts';
import { next, pageQuery } from './paging.ts';

const MAX_TEXT = 4_000;
/** What people write: shown to others, kept for ever. */
export const writtenReason = z.string().trim().min(1, 'say why: others will read it').max(MAX_TEXT);
/** Name of an index; the one at `/simple/` is called `default`. */
export const indexName = z.string().default('default');
export const sha256Text = z.string().regex(/^[0-9a-f]{64}$/, 'is not a sha256');
const at = z.iso.datetime();

const reviewSchema = z.object({
  id: z.string(),
  index: z.string(),
  project: z.string(),
  version: z.string(),
  state: z.enum(REVIEW_STATES),
  /** Names of those who want it; none of them may approve it. */
  requesters: z.array(z.string()),
  openedAt: at,
  changedAt: at,
  /** When it was last put before people. */
  waitsSince: at,
  assignees: z.array(z.string()),
  /** How many people must approve, and why two. */
  needs: z.object({ people: z.int(), because: z.array(z.string()) }),
  /** Names of those who approved since it was last opened. */
  approvers: z.array(z.string()),
  /** By when somebody must have looked at it. */
  dueAt: at.nullable(),
  outcome: z
    .object({ by: z.array(z.string()), reason: z.string(), at, criteria: z.enum(CRITERIA).nullable() })
    .nullable(),
  files: z.array(
    z.object({
      filename: z.string(),
      sha256: z.string().nullable(),
      verdict: z.enum(['allow', 'hold', 'block']),
      approved: z.boolean(),
      reasons: z.array(z.object({ rule: z.string(), effect: z.string(), message: z.string() })),
    }),
  ),
  requests: z.array(
    z.object({
      name: z.string(),
      consumer: z.string().nullable(),
      reason: z.string().nullable(),
      firstAt: at,
      lastAt: at,
      /** Refused requests; 0 for one that asked by hand. */
      times: z.int(),
    }),
  ),
  comments: z.array(z.object({ by: z.string(), at, text: z.string() })),
});

export type ReviewRecord = z.infer<typeof reviewSchema>;

const params = z.object({ id: z.string() });

export const listReviews = {
  method: 'GET',
  path: '/reviews',
  summary: 'Reviews, the newest first.',
  permission: 'read-reviews',
  about: 'each',
  query: pageQuery.extend({
    state: z.enum(REVIEW_STATES).optional(),
    project: z.string().optional(),
    index: z.string().optional(),
  }),
  response: z.object({ reviews: z.array(reviewSchema), next }),
} satisfies Endpoint;

export const readReview = {
  method: 'GET',
  path: '/reviews/{id}',
  summary: 'One review.',
  permission: 'read-reviews',
  about: 'each',
  params,
  response: reviewSchema,
} satisfies Endpoint;

export const requestReview = {
  method: 'POST',
  path: '/reviews',
  summary: 'Ask for a release that is withheld; a review that is open for it is joined.',
  permission: 'request',
  about: 'index',
  body: z.strictObject({ index: indexName, project: z.string(), version: z.string(), reason: writtenReason }),
  response: reviewSchema,
  status: 201,
} satisfies Endpoint;

export const approveReview = {
  method: 'POST',
  path: '/reviews/{id}/approvals',
  summary: 'Approve files of a release; who asked for it may not. Some take two people.',
  permission: 'approve-one',
  about: 'each',
  params,
  body: z.strictObject({
    reason: writtenReason,
    criteria: z.enum(CRITERIA).default('safe-to-run'),
    /** `asked`: the files that were asked for; `release`: all of it. */
    scope: z
      .union([
        z.enum(['asked', 'release']),
        z.strictObject({ sha256: z.array(sha256Text).min(1).max(100) }),
        /** PEP 440 specifiers: every release that is there now and meets them. */
        z.strictObject({ versions: z.string().min(1).max(200) }),
      ])
      .default('asked'),
  }),
  response: reviewSchema,
} satisfies Endpoint;

const becauseBody = z.strictObject({ reason: writtenReason });

export const rejectReview = {
  method: 'POST',
  path: '/reviews/{id}/rejections',
  summary: 'Reject a release: it is denied on this index.',
  permission: 'reject',
  about: 'each',
  params,
  body: becauseBody,
  response: reviewSchema,
} satisfies Endpoint;

export const reopenReview = {
  method: 'POST',
  path: '/reviews/{id}/reopenings',
  summary: 'Put a settled review before people again.',
  permission: 'reject',
  about: 'each',
  params,
  body: becauseBody,
  response: reviewSchema,
} satisfies Endpoint;

export const commentReview = {
  method: 'POST',
  path: '/reviews/{id}/comments',
  summary: 'Say something about a review.',
  permission: 'comment',
  about: 'each',
  params,
  body: z.strictObject({ text: writtenReason }),
  response: reviewSchema,
} satisfies Endpoint;

export const assignReview = {
  method: 'PUT',
  path: '/reviews/{id}/assignees',
  summary: 'Say who should look at a review.',
  permission: 'assign',
  about: 'each',
  params,
  body: z.strictObject({ assignees: z.array(z.string().min(1).max(100)).max(50) }),
  response: reviewSchema,
} satisfies Endpoint;
