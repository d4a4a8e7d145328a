import { createHash } from 'node:crypto';
import { createRemoteJWKSet, customFetch, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { WheelgateError } from '../../core/errors.ts';
import { type CiClaims, type CiTrust, identityOfCiClaims } from '../../core/identity/ci-token.ts';
import type { Identity } from '../../core/identity/identity.ts';
import type { CiTokens } from '../../gate/ports.ts';
import { createProviderFetch, type ProviderFetch, type ProviderProxy } from './provider-fetch.ts';

/** Signed with a key that only the issuer has: never with a shared secret, never with none. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 30;
/** One job sends the same token with every request. */
const MAX_KEPT = 1_000;

/** Verifies the OpenID tokens of CI jobs against the keys of their issuers, which are read once and again when they change. */
export function createCiTokens(trusts: readonly CiTrust[], proxy: ProviderProxy | undefined): CiTokens {
  const fetch = createProviderFetch(proxy);
  const keys = new Map<string, Promise<JWTVerifyGetKey>>();
  const kept = new LRUCache<string, { readonly identity: Identity; readonly expiresAt: number }>({ max: MAX_KEPT });

  function keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const there = keys.get(issuer);
    if (there) return there;
    const reading = readKeys(issuer, fetch);
    keys.set(issuer, reading);
    reading.catch(() => keys.delete(issuer));
    return reading;
  }

  return {
    async identify(jwt, now) {
      const slot = createHash('sha256').update(jwt).digest('base64');
      const known = kept.get(slot);
      if (known && known.expiresAt > now.getTime()) return known.identity;
      const issuer = issuerOf(jwt);
      for (const trust of trusts) {
        if (trust.issuer !== issuer) continue;
        const claims = await verify(jwt, trust, await keysOf(issuer), now);
        const identity = claims && identityOfCiClaims(trust, claims);
        if (!identity) continue;
        kept.set(slot, { identity, expiresAt: claims.exp * 1000 });
        return identity;
      }
      return undefined;
    },
  };
}

async function readKeys(issuer: string, fetch: ProviderFetch): Promise<JWTVerifyGetKey> {
  try {
    const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { redirect: 'error' });
    const { issuer: named, jwks_uri: address } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (!answer.ok || named !== issuer || typeof address !== 'string')
      throw new Error(`strange answer ${answer.status}`);
    return createRemoteJWKSet(new URL(address), { [customFetch]: fetch });
  } catch (error) {
    throw keysUnreadable(issuer, error);
  }
}

async function verify(
  jwt: string,
  { issuer, audience }: CiTrust,
  keys: JWTVerifyGetKey,
  now: Date,
): Promise<CiClaims | undefined> {
  try {
    const { payload } = await jwtVerify(jwt, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
      requiredClaims: ['exp', 'iat'],
    });
    // `requiredClaims` sees to it that it is there, and jose to it that it is a number.
    return { ...payload, exp: payload.exp! };
  } catch (error) {
    if (isAboutKeys(error)) throw keysUnreadable(issuer, error);
    return undefined;
  }
}

/** The token may be right, nobody could tell: worth another try. */
function isAboutKeys(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  return !(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC';
}

function keysUnreadable(issuer: string, cause: unknown): WheelgateError {
  return new WheelgateError(
    'UPSTREAM_FAILED',
    `the keys of ${issuer} cannot be read`,
    'Try again; then look at access.ci and the way there.',
    cause,
  );
}

/** What the token says of itself, to find the keys that prove it. */
function issuerOf(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).iss;
  } catch {
    return undefined;
  }
}
