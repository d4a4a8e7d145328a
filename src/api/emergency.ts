import { z } from 'zod';
import { KILL_SWITCH_LEVELS } from '../core/policy/kill-switch.ts';
import type { Endpoint } from './endpoint.ts';
import { factsSchema } from './fact.ts';
import { indexName, sha256Text, writtenReason } from './review.ts';

const at = z.iso.datetime();
const level = z.union(KILL_SWITCH_LEVELS.map((one) => z.literal(one)));

const holdersSchema = z.object({
  /** As it was asked. */
  subject: z.string(),
  serves: z.int(),
  holders: z.array(
    z.object({
      identity: z.string(),
      consumer: z.string().nullable(),
      /** Where the requests came from. */
      host: z.string().nullable(),
      userAgent: z.string().nullable(),
      machine: z.enum(['github', 'gitlab', 'some-ci', 'machine']),
      /** Address of the CI run. */
      run: z.string().nullable(),
      index: z.string(),
      filename: z.string(),
      version: z.string().nullable(),
      sha256: z.string(),
      firstAt: at,
      lastAt: at,
      times: z.int(),
    }),
  ),
  /** Environment variables with credentials that code on these machines could read, where they were set. */
  atRisk: z.array(z.object({ machine: z.string(), variables: z.array(z.string()) })),
});

export type HoldersRecord = z.infer<typeof holdersSchema>;

export const whoHas = {
  method: 'GET',
  path: '/who-has',
  summary: 'Who was served a digest, a release or a project, and what could be stolen there.',
  permission: 'read-consumers',
  about: 'gate',
  query: z.object({ subject: z.string().min(1).max(500) }),
  response: holdersSchema,
} satisfies Endpoint;

const factBody = z.strictObject({
  index: indexName,
  /** A purl, `name==version`, or a sha256. */
  subject: z.string().min(1).max(500),
  reason: writtenReason,
});

export const revoke = {
  method: 'POST',
  path: '/revocations',
  summary: 'Withdraw something as malicious: gone from pages, refused at files, told by the OSV endpoint.',
  permission: 'revoke',
  about: 'index',
  body: factBody,
  response: factsSchema.extend({ holders: holdersSchema.nullable() }),
  status: 201,
} satisfies Endpoint;

export const approve = {
  method: 'POST',
  path: '/approvals',
  summary: 'Approve the files of a release as they are now: the open review of it, or on the gate itself without one.',
  permission: 'approve-one',
  about: 'index',
  body: factBody,
  /** No facts: another person has to approve it too. */
  response: factsSchema,
  status: 201,
} satisfies Endpoint;

export const deny = {
  method: 'POST',
  path: '/denials',
  summary: 'Keep a digest, a release or a project out.',
  permission: 'reject',
  about: 'index',
  body: factBody,
  response: factsSchema,
  status: 201,
} satisfies Endpoint;

const killSwitchSchema = z.object({
  level,
  /** What the level lets through. */
  meaning: z.string(),
  since: at.nullable(),
  by: z.string(),
  reason: z.string(),
  /** Digests that level 3 lets through. */
  locked: z.int(),
  /** The first of the two who lower it. */
  lowering: z.object({ to: level, by: z.string(), at, reason: z.string() }).nullable(),
});

export type KillSwitchRecord = z.infer<typeof killSwitchSchema>;

export const readKillSwitch = {
  method: 'GET',
  path: '/kill-switch',
  summary: 'Where the kill switch stands.',
  permission: 'read-reviews',
  about: 'each',
  response: killSwitchSchema,
} satisfies Endpoint;

export const moveKillSwitch = {
  method: 'PUT',
  path: '/kill-switch',
  summary: 'Move the kill switch: one person raises it, two lower it.',
  permission: 'kill-switch',
  about: 'gate',
  body: z.strictObject({
    level,
    reason: writtenReason,
    /** For level 3: the digests of the lock that still holds. */
    locked: z.array(sha256Text).max(100_000).default([]),
  }),
  maxBodyBytes: 16 * 2 ** 20,
  response: killSwitchSchema,
} satisfies Endpoint;
