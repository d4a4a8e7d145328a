import { z } from 'zod';
import { PERMISSIONS } from '../core/identity/identity.ts';
import type { Endpoint } from './endpoint.ts';
import { roles } from './identity.ts';

const sessionSchema = z.object({
  identity: z.object({
    kind: z.enum(['user', 'token', 'ci', 'local', 'anonymous']),
    name: z.string(),
    roles,
    /** Null: all. */
    indexes: z.array(z.string()).nullable(),
    consumer: z.string().nullable(),
    /** The user whose token it is. */
    owner: z.string().nullable(),
    /** When the token or the login ends; null: never by itself. */
    expiresAt: z.iso.datetime().nullable(),
    /** What it may do, on the indexes that it reaches. */
    permissions: z.array(z.enum(PERMISSIONS)),
  }),
  /** What a page sends as `X-CSRF-Token` with each change; null without a cookie. */
  csrf: z.string().nullable(),
});

export type SessionRecord = z.infer<typeof sessionSchema>;

export const logIn = {
  method: 'POST',
  path: '/session',
  summary: 'Log in with a password; the session is in a cookie that scripts cannot read.',
  permission: 'none',
  about: 'gate',
  body: z.strictObject({ user: z.string().max(200), password: z.string().max(1_000) }),
  response: sessionSchema,
  status: 201,
  isSecret: true,
} satisfies Endpoint;

export const readSession = {
  method: 'GET',
  path: '/session',
  summary: 'Who this is, what it may do and until when, and what a page needs to make changes.',
  permission: 'signed-in',
  about: 'each',
  response: sessionSchema,
} satisfies Endpoint;

export const logOut = {
  method: 'DELETE',
  path: '/session',
  summary: 'End the login.',
  permission: 'signed-in',
  about: 'each',
  response: z.object({}),
} satisfies Endpoint;
