import type { Identity, Role } from './identity.ts';

/** A person with an account. */
export type User = {
  /** `ana`; nobody gets it a second time. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** The indexes that they reach; absent: all. */
  readonly indexes?: readonly string[];
  /** argon2id in PHC form; absent: no login with a password. */
  readonly passwordHash?: string;
  /** The account of an OpenID provider that this user logs in with. */
  readonly subject?: { readonly issuer: string; readonly sub: string };
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly disabledAt?: Date;
  readonly lastLoginAt?: Date;
  /** Rises with each change: an edit of an older version is refused. */
  readonly version: number;
};

/** Lower case, so that `Ana` and `ana` are not two; an address of mail will do. */
export const USER_NAME = /^[a-z0-9][a-z0-9._@+-]{0,63}$/;

export function identityOfUser({ name, roles, indexes, disabledAt }: User): Identity {
  if (disabledAt !== undefined) return { kind: 'user', name: `user:${name}`, roles: [], indexes: [] };
  return { kind: 'user', name: `user:${name}`, roles, ...(indexes && { indexes }) };
}
