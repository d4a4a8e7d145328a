import type { AuditEventInput } from '../../src/core/audit/event.ts';
import { WheelgateError } from '../../src/core/errors.ts';
import type { IdentityStore } from '../../src/core/identity/identity-store.ts';
import type { Session } from '../../src/core/identity/session.ts';
import { type Token, tokenState } from '../../src/core/identity/token.ts';
import type { User } from '../../src/core/identity/user.ts';

/** An `IdentityStore` in memory. @param chain checks events, and gives what appends them */
export function createMemoryIdentities(chain: (events: readonly AuditEventInput[]) => () => void): IdentityStore {
  const tokens = new Map<string, Token>();
  const users = new Map<string, User>();
  const sessions = new Map<string, Session>();
  const sorted = () => [...tokens.values()].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));

  return {
    tokens: {
      async add(token, event) {
        if (
          [...tokens.values()].some(
            ({ name, ...one }) => name === token.name && tokenState({ name, ...one }, token.createdAt) === 'active',
          )
        )
          throw new WheelgateError('CONFLICT', 'there is such a token', '');
        const commit = chain([event]);
        tokens.set(token.id, structuredClone(token));
        commit();
      },
      find: async (id) => structuredClone(tokens.get(id)),
      findByDigest: async (sha256) => structuredClone([...tokens.values()].find((token) => token.sha256 === sha256)),
      list: async ({ after, limit }) =>
        structuredClone(
          sorted()
            .filter(({ name, id }) => !after || compare(name, after.name) > 0 || (name === after.name && id > after.id))
            .slice(0, limit),
        ),
      async revoke(id, at, event) {
        const token = tokens.get(id);
        if (!token || token.revokedAt !== undefined) return;
        const commit = chain([event]);
        tokens.set(id, { ...token, revokedAt: at });
        commit();
      },
      async noteUse(id, at) {
        const token = tokens.get(id);
        if (token) tokens.set(id, { ...token, lastUsedAt: at });
      },
    },
    users: {
      find: async (name) => structuredClone(users.get(name)),
      findBySubject: async (issuer, sub) =>
        structuredClone([...users.values()].find(({ subject }) => subject?.issuer === issuer && subject.sub === sub)),
      list: async ({ after = '', limit }) =>
        structuredClone(
          [...users.values()]
            .filter(({ name }) => name > after)
            .sort((a, b) => compare(a.name, b.name))
            .slice(0, limit),
        ),
      async put(user, events) {
        const { name, version, subject } = user;
        const isTaken = [...users.values()].some(
          (one) =>
            one.name !== name && subject && one.subject?.issuer === subject.issuer && one.subject.sub === subject.sub,
        );
        if (isTaken || (users.get(name)?.version ?? 0) !== version - 1)
          throw new WheelgateError('CONFLICT', 'the user was changed', '');
        const commit = chain(events);
        const { lastLoginAt: _, ...content } = user;
        const lastLoginAt = users.get(name)?.lastLoginAt;
        users.set(name, structuredClone({ ...content, ...(lastLoginAt && { lastLoginAt }) }));
        commit();
      },
      async noteLogin(name, at, event) {
        const commit = chain([event]);
        const user = users.get(name);
        if (user) users.set(name, { ...user, lastLoginAt: at });
        commit();
      },
    },
    sessions: {
      add: async (session) => void sessions.set(session.sha256, structuredClone(session)),
      find: async (sha256) => structuredClone(sessions.get(sha256)),
      remove: async (sha256) => void sessions.delete(sha256),
      removeOf: async (user) => remove(({ user: one }) => one === user),
      removeExpired: async (now) => remove(({ expiresAt }) => expiresAt <= now),
    },
  };

  function remove(isGone: (session: Session) => boolean): void {
    for (const session of sessions.values()) if (isGone(session)) sessions.delete(session.sha256);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
