import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';
import { indexes, roles, userName } from './identity.ts';
import { next, pageQuery } from './paging.ts';

const password = z.string().min(12).max(1_000);

const userSchema = z.object({
  name: z.string(),
  roles,
  /** Null: all. */
  indexes: z.array(z.string()).nullable(),
  disabled: z.boolean(),
  hasPassword: z.boolean(),
  /** The OpenID provider that the user logs in with. */
  issuer: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  disabledAt: z.iso.datetime().nullable(),
  lastLoginAt: z.iso.datetime().nullable(),
});

export type UserRecord = z.infer<typeof userSchema>;

const params = z.object({ user: userName });

export const createUser = {
  method: 'POST',
  path: '/users',
  summary: 'Add an account. Without a password it is for a login with a provider, or for one that is set later.',
  permission: 'manage-identities',
  about: 'gate',
  body: z.strictObject({ name: userName, roles, indexes: indexes.optional(), password: password.optional() }),
  response: userSchema,
  status: 201,
} satisfies Endpoint;

export const listUsers = {
  method: 'GET',
  path: '/users',
  summary: 'Accounts by name.',
  permission: 'read-identities',
  about: 'gate',
  query: pageQuery,
  response: z.object({ users: z.array(userSchema), next }),
} satisfies Endpoint;

export const readUser = {
  method: 'GET',
  path: '/users/{user}',
  summary: 'One account.',
  permission: 'read-identities',
  about: 'gate',
  params,
  response: userSchema,
} satisfies Endpoint;

export const changeUser = {
  method: 'PATCH',
  path: '/users/{user}',
  summary: 'Change roles or scope of an account, disable or enable it; counts at once.',
  permission: 'manage-identities',
  about: 'gate',
  params,
  body: z.strictObject({
    roles: roles.optional(),
    /** Null: all indexes from now on. */
    indexes: indexes.nullable().optional(),
    disabled: z.boolean().optional(),
  }),
  response: userSchema,
  isEdit: true,
} satisfies Endpoint;

export const setPassword = {
  method: 'PUT',
  path: '/users/{user}/password',
  summary: 'Set a password and end all logins. Users set their own and give the current one.',
  permission: 'signed-in',
  about: 'each',
  params,
  body: z.strictObject({ password, current: z.string().max(1_000).optional() }),
  response: userSchema,
} satisfies Endpoint;
