import { LRUCache } from 'lru-cache';
import type { Identity } from '../../core/identity/identity.ts';
import type { IdentityStore } from '../../core/identity/identity-store.ts';
import { sessionDigest } from '../../core/identity/session.ts';
import { identityOfToken, type Token, tokenDigest, tokenState } from '../../core/identity/token.ts';
import { identityOfUser, type User } from '../../core/identity/user.ts';
import type { CiTokens, Clock } from '../ports.ts';

/** So long after a change in another process a token may still count as it was. In this one `forget` is called. */
const KEPT_MS = 2_000;
const MAX_KEPT = 5_000;
/** `last used` is told to the minute: an install asks hundreds of times. */
const NOTE_USE_EVERY_MS = 60_000;
/** Three parts, the first of which begins with `{"`. */
const JWT = /^eyJ[\w-]{5,2000}\.[\w-]{5,8000}\.[\w-]{5,2000}$/;

export type Authenticate = ReturnType<typeof createAuthenticate>;

/** Tells from a secret who sends it. @param onError what failed besides: a use that could not be written down */
export function createAuthenticate(needs: {
  readonly identities: IdentityStore;
  readonly ciTokens: CiTokens;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}) {
  const { identities, ciTokens, clock, onError } = needs;
  const kept = new LRUCache<string, { readonly token: Token; readonly owner: User | undefined }>({
    max: MAX_KEPT,
    ttl: KEPT_MS,
  });
  const noted = new LRUCache<string, number>({ max: MAX_KEPT });

  return {
    /** Who a token stands for, ours or one of a CI job; undefined when it is unknown, expired or revoked. @throws UPSTREAM_FAILED */
    async token(secret: string): Promise<Identity | undefined> {
      if (JWT.test(secret)) return ciTokens.identify(secret, clock());
      const sha256 = tokenDigest(secret);
      const found = sha256 && (kept.get(sha256) ?? (await read(sha256)));
      if (!found || tokenState(found.token, clock()) !== 'active') return undefined;
      noteUse(found.token);
      return identityOfToken(found.token, found.owner);
    },

    /** Who is logged in with the secret of a cookie; undefined when nobody is any more. */
    async session(secret: string): Promise<Identity | undefined> {
      const sha256 = sessionDigest(secret);
      const session = sha256 && (await identities.sessions.find(sha256));
      if (!session || session.expiresAt <= clock()) return undefined;
      const user = await identities.users.find(session.user);
      if (!user || user.disabledAt !== undefined) return undefined;
      return { ...identityOfUser(user), expiresAt: session.expiresAt };
    },

    /** Reads tokens and their owners anew: something was changed. */
    forget(): void {
      kept.clear();
    },
  };

  async function read(sha256: NonNullable<ReturnType<typeof tokenDigest>>) {
    const token = await identities.tokens.findByDigest(sha256);
    if (!token) return undefined;
    const owner = token.owner === undefined ? undefined : await identities.users.find(token.owner);
    const found = { token, owner };
    kept.set(sha256, found);
    return found;
  }

  function noteUse({ id, lastUsedAt }: Token): void {
    const now = clock();
    const last = noted.get(id) ?? lastUsedAt?.getTime() ?? 0;
    if (now.getTime() - last < NOTE_USE_EVERY_MS) return;
    noted.set(id, now.getTime());
    identities.tokens.noteUse(id, now).catch(onError);
  }
}
