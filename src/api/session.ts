import { z } from 'zod';
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
  }),
  /** What a page sends as `X-CSRF-Token` with each change; null without a cookie. */
  csrf: z.string().nullable(),
});

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
  summary: 'Who this is, and what a page needs to make changes.',
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
