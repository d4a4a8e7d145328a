import { randomBytes } from 'node:crypto';
import { WheelgateError } from '../../core/errors.ts';
import type { Identity } from '../../core/identity/identity.ts';
import type { IdentityStore } from '../../core/identity/identity-store.ts';
import { sessionDigest } from '../../core/identity/session.ts';
import { identityOfUser, type User } from '../../core/identity/user.ts';
import type { AuditTrail } from '../audit-trail.ts';
import type { Clock, Passwords } from '../ports.ts';

/** A login as its browser gets it. */
export type SignedIn = { readonly secret: string; readonly expiresAt: Date; readonly identity: Identity };

export type SignIn = ReturnType<typeof createSignIn>;

/** Logins of people, by password or by what a provider says; sessions. @param sessionMs how long a login lasts */
export function createSignIn(needs: {
  readonly identities: Pick<IdentityStore, 'users' | 'sessions'>;
  readonly passwords: Passwords;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly sessionMs: number;
}) {
  const { identities, passwords, audit, clock, sessionMs } = needs;
  const { users, sessions } = identities;

  return {
    /**
     * Logs in with a password. What was wrong is not said.
     * @param address of the client, for the audit log
     * @throws {WheelgateError} UNAUTHENTICATED
     */
    async withPassword(name: string, password: string, address: string): Promise<SignedIn> {
      const user = await users.find(name);
      const isRight = await passwords.verify(user?.passwordHash, password);
      if (user && isRight && user.disabledAt === undefined) return open(user, 'password', address);
      noteRefusal(name, 'password', address, isRight ? 'disabled' : 'wrong');
      throw new WheelgateError('UNAUTHENTICATED', 'user or password is wrong', 'Try again, or ask an admin.');
    },

    /** Opens a session for a user that has shown who it is. @throws {WheelgateError} UNAUTHENTICATED when disabled */
    async withProvider(user: User, address: string): Promise<SignedIn> {
      if (user.disabledAt === undefined) return open(user, 'oidc', address);
      noteRefusal(user.name, 'oidc', address, 'disabled');
      throw new WheelgateError('UNAUTHENTICATED', 'this account is disabled', 'Ask an admin.');
    },

    async signOut(secret: string): Promise<void> {
      const sha256 = sessionDigest(secret);
      if (sha256) await sessions.remove(sha256);
    },
  };

  async function open(user: User, method: 'password' | 'oidc', address: string): Promise<SignedIn> {
    const now = clock();
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = new Date(now.getTime() + sessionMs);
    await sessions.removeExpired(now);
    await sessions.add({ sha256: sessionDigest(secret)!, user: user.name, createdAt: now, expiresAt });
    await users.noteLogin(user.name, now, {
      at: now,
      type: 'login.accepted',
      actor: `user:${user.name}`,
      subject: `user:${user.name}`,
      detail: { method, address },
    });
    return { secret, expiresAt, identity: { ...identityOfUser(user), expiresAt } };
  }

  function noteRefusal(name: string, method: string, address: string, why: 'wrong' | 'disabled'): void {
    const subject = `user:${name}`;
    audit.note({
      at: clock(),
      type: 'login.refused',
      actor: `anonymous:${address}`,
      subject,
      detail: { method, address, why },
    });
  }
}
