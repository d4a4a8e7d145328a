import { z } from 'zod';
import { parseDurationMs } from '../core/duration.ts';
import { parsedWith } from '../core/parsed-with.ts';
import type { Endpoint } from './endpoint.ts';
import { indexName, sha256Text, writtenReason } from './review.ts';

const at = z.iso.datetime();

const exemptionSchema = z.object({
  id: z.string(),
  kind: z.enum(['rule', 'break-glass']),
  state: z.enum(['in-force', 'ended']),
  /** Null: all but those about malware and lying archives (break-glass). */
  rule: z.string().nullable(),
  /** Null: every index. */
  index: z.string().nullable(),
  /** The one that it is for; null: everybody. */
  consumer: z.string().nullable(),
  project: z.string(),
  versions: z.string().nullable(),
  sha256: z.string().nullable(),
  owner: z.string(),
  reason: z.string(),
  ticket: z.string().nullable(),
  remediation: z.string(),
  createdAt: at,
  createdBy: z.string(),
  expiresAt: at,
  ended: z.object({ at, by: z.string(), why: z.string() }).nullable(),
});

export type ExemptionRecord = z.infer<typeof exemptionSchema>;

const CONSUMER = /^(?:token:|ci:(?:github|gitlab):)?[A-Za-z0-9][A-Za-z0-9._/@+-]{0,200}$/;

const lasts = z.string().transform(parsedWith(parseDurationMs));
const ticket = z.string().min(1).max(500);

export const listExemptions = {
  method: 'GET',
  path: '/exemptions',
  summary: 'Exemptions, the newest first, those that ended too.',
  permission: 'read-reviews',
  about: 'each',
  response: z.object({ exemptions: z.array(exemptionSchema) }),
} satisfies Endpoint;

export const addExemption = {
  method: 'POST',
  path: '/exemptions',
  summary: 'Accept an exception to one rule, for a time.',
  permission: 'exempt',
  about: 'each',
  body: z.strictObject({
    rule: z.string(),
    project: z.string(),
    /** PEP 440 specifiers; absent: every release. */
    versions: z.string().min(1).max(200).optional(),
    sha256: sha256Text.optional(),
    /** Absent: every index. */
    index: z.string().optional(),
    /** A consumer, `token:<name>` or `ci:<provider>:<project>` that it is for; absent: everybody. */
    consumer: z.string().regex(CONSUMER, 'is no consumer, token:<name> or ci:<provider>:<project>').optional(),
    owner: z.string().min(1).max(100),
    reason: writtenReason,
    ticket: ticket.optional(),
    /** What will make it unnecessary. */
    remediation: writtenReason,
    /** `12h`, `30d`; at most 180d. */
    expires: lasts.prefault('30d'),
  }),
  response: exemptionSchema,
  status: 201,
} satisfies Endpoint;

export const breakGlass = {
  method: 'POST',
  path: '/break-glass',
  summary:
    'Let one digest in for a day at most, past every rule but malware and lying archives; reviewed the next day.',
  permission: 'break-glass',
  about: 'index',
  body: z.strictObject({
    index: indexName,
    sha256: sha256Text,
    reason: writtenReason,
    ticket: ticket.optional(),
    expires: lasts.prefault('24h'),
  }),
  response: exemptionSchema,
  status: 201,
} satisfies Endpoint;

export const endExemption = {
  method: 'DELETE',
  path: '/exemptions/{id}',
  summary: 'End an exemption before its time.',
  permission: 'break-glass',
  about: 'each',
  params: z.object({ id: z.string() }),
  query: z.object({ reason: z.string().min(1).max(1_000).default('not needed any more') }),
  response: exemptionSchema,
} satisfies Endpoint;
