import { z } from 'zod';
import { parseDurationMs } from '../core/duration.ts';
import { parsedWith } from '../core/parsed-with.ts';
import type { Endpoint } from './endpoint.ts';
import { indexes, label, roles, userName } from './identity.ts';
import { next, pageQuery } from './paging.ts';

const MINUTE_MS = 60_000;
const MAX_MS = 366 * 86_400_000;

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['active', 'expired', 'revoked']),
  roles,
  /** Null: all. */
  indexes: z.array(z.string()).nullable(),
  consumer: z.string().nullable(),
  /** The user whose token it is. */
  owner: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  /** To the minute. */
  lastUsedAt: z.iso.datetime().nullable(),
});

export type TokenRecord = z.infer<typeof tokenSchema>;

export const createToken = {
  method: 'POST',
  path: '/tokens',
  summary: 'Make a token; its secret is in this answer and nowhere else. Users may make tokens of their own.',
  permission: 'signed-in',
  about: 'each',
  body: z.strictObject({
    name: label,
    roles: roles.min(1),
    indexes: indexes.optional(),
    /** The project of the team that installs with it. */
    consumer: label.optional(),
    /** The user whose token it is: it can do no more than that user. */
    owner: userName.optional(),
    /** How long it holds: `30m`, `12h`, `90d`. */
    expires: z
      .string()
      .default('90d')
      .transform(parsedWith(parseDurationMs))
      .refine((ms) => ms >= MINUTE_MS && ms <= MAX_MS, 'must be between 1m and 366d'),
  }),
  response: z.object({
    schema: z.literal('wheelgate.token/1'),
    /** The secret. */
    token: z.string(),
    ...tokenSchema.shape,
  }),
  status: 201,
  isSecret: true,
} satisfies Endpoint;

export const listTokens = {
  method: 'GET',
  path: '/tokens',
  summary: 'Tokens by name: all for who may read identities, else the own ones.',
  permission: 'signed-in',
  about: 'each',
  query: pageQuery,
  response: z.object({ tokens: z.array(tokenSchema), next }),
} satisfies Endpoint;

export const revokeToken = {
  method: 'DELETE',
  path: '/tokens/{token}',
  summary: 'Revoke a token, named by its id or its name. Users may revoke their own.',
  permission: 'signed-in',
  about: 'each',
  params: z.object({ token: z.string() }),
  response: tokenSchema,
} satisfies Endpoint;
