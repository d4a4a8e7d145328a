import type { AuditEventInput } from '../audit/event.ts';
import type { Sha256 } from '../sha256.ts';
import type { Session } from './session.ts';
import type { Token } from './token.ts';
import type { User } from './user.ts';

/** Where identities are kept. What changes is written with its audit events in one transaction. */
export interface IdentityStore {
  readonly tokens: {
    /** @throws {WheelgateError} CONFLICT when a token of this name holds at `token.createdAt` */
    add(token: Token, event: AuditEventInput): Promise<void>;
    find(id: string): Promise<Token | undefined>;
    findByDigest(sha256: Sha256): Promise<Token | undefined>;
    /** By name and id, behind `after`. */
    list(options: {
      readonly after?: { readonly name: string; readonly id: string };
      readonly limit: number;
    }): Promise<readonly Token[]>;
    /** Nothing happens to one that is revoked already: its first date stays. */
    revoke(id: string, at: Date, event: AuditEventInput): Promise<void>;
    /** When it was last used, for whoever cleans up. */
    noteUse(id: string, at: Date): Promise<void>;
  };
  readonly users: {
    find(name: string): Promise<User | undefined>;
    findBySubject(issuer: string, sub: string): Promise<User | undefined>;
    /** By name, behind `after`. */
    list(options: { readonly after?: string; readonly limit: number }): Promise<readonly User[]>;
    /**
     * Writes a user: a new one with version 1, else the next version of the one that is there.
     * @throws {WheelgateError} CONFLICT when that is not so any more, or the subject belongs to somebody else
     */
    put(user: User, events: readonly AuditEventInput[]): Promise<void>;
    /** The time of the last login, which is no edit: `put` leaves it alone. */
    noteLogin(name: string, at: Date, event: AuditEventInput): Promise<void>;
  };
  readonly sessions: {
    add(session: Session): Promise<void>;
    find(sha256: Sha256): Promise<Session | undefined>;
    remove(sha256: Sha256): Promise<void>;
    /** Ends all of a user. */
    removeOf(user: string): Promise<void>;
    removeExpired(now: Date): Promise<void>;
  };
}
