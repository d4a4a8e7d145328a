import { createHash } from 'node:crypto';
import type { Sha256 } from '../sha256.ts';
import type { Identity, Role } from './identity.ts';
import type { User } from './user.ts';

/** A token as it is kept: of its secret only the digest. */
export type Token = {
  readonly id: string;
  /** `ci-web`; of the tokens that hold only one has it. */
  readonly name: string;
  readonly sha256: Sha256;
  readonly roles: readonly Role[];
  /** The indexes that it reaches; absent: all. */
  readonly indexes?: readonly string[];
  readonly consumer?: string;
  /** The user whose token it is: it can do no more than that user. */
  readonly owner?: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt?: Date;
  /** To the minute. */
  readonly lastUsedAt?: Date;
};

/** Recognised by scanners of secrets. */
const PREFIX = 'wg_';
const SECRET_BYTES = 32;

/** The secret as its owner gets it. @param bytes 32 random ones */
export function renderToken(bytes: Uint8Array): string {
  if (bytes.length !== SECRET_BYTES) throw new RangeError(`a token has ${SECRET_BYTES} random bytes`);
  return `${PREFIX}${Buffer.from(bytes).toString('base64url')}`;
}

/** What is kept of a secret. It has 256 random bits, so that a plain digest cannot be guessed. Undefined: this is no token. */
export function tokenDigest(secret: string): Sha256 | undefined {
  if (!/^wg_[A-Za-z0-9_-]{43}$/.test(secret)) return undefined;
  return createHash('sha256').update(secret).digest('hex') as Sha256;
}

/** Whether a token holds. */
export function tokenState({ expiresAt, revokedAt }: Token, now: Date): 'active' | 'expired' | 'revoked' {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt > now ? 'active' : 'expired';
}

/**
 * Who a token stands for. One of a user has the roles and the scope that both have.
 * @param owner the user whose token it is, as it is now
 */
export function identityOfToken(
  { name, roles, indexes, consumer, owner: ownerName, expiresAt }: Token,
  owner?: User,
): Identity {
  const shared = {
    kind: 'token',
    name: `token:${name}`,
    expiresAt,
    ...(consumer !== undefined && { consumer }),
  } as const;
  if (ownerName === undefined) return { ...shared, roles, ...(indexes && { indexes }) };
  // Without its owner it stands for nobody.
  if (owner === undefined || owner.name !== ownerName || owner.disabledAt !== undefined)
    return { ...shared, roles: [], indexes: [], owner: `user:${ownerName}` };
  const scope = bothOf(indexes, owner.indexes);
  return {
    ...shared,
    // The machine role only takes away: a user may give it to a token without having it.
    roles: roles.filter((role) => role === 'machine' || owner.roles.includes(role)),
    owner: `user:${ownerName}`,
    ...(scope && { indexes: scope }),
  };
}

function bothOf(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  return a && b ? a.filter((index) => b.includes(index)) : (a ?? b);
}

/** Names of tokens and consumers: short, and safe in logs and addresses. */
export const LABEL = /^[A-Za-z0-9][A-Za-z0-9._/@+-]{0,63}$/;
