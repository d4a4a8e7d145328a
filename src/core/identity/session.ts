import { createHash } from 'node:crypto';
import type { Sha256 } from '../sha256.ts';

/** A login that lasts: kept by the digest of the secret in the browser's cookie. */
export type Session = {
  readonly sha256: Sha256;
  readonly user: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/** What is kept of the secret, which has 256 random bits. */
export function sessionDigest(secret: string): Sha256 | undefined {
  if (!/^[A-Za-z0-9_-]{43}$/.test(secret)) return undefined;
  return createHash('sha256').update(secret).digest('hex') as Sha256;
}

/**
 * What a page must send as `X-CSRF-Token` with each change. Made from the secret that scripts cannot read; only a page of
 * the gate itself is told it.
 */
export function csrfToken(secret: string): string {
  return createHash('sha256').update(`csrf ${secret}`).digest('base64url');
}
