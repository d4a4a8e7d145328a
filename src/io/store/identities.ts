import { WheelgateError } from '../../core/errors.ts';
import type { IdentityStore } from '../../core/identity/identity-store.ts';
import type { Session } from '../../core/identity/session.ts';
import type { Token } from '../../core/identity/token.ts';
import type { User } from '../../core/identity/user.ts';
import { appendAuditEvents } from './audit-log.ts';
import type { Database } from './database.ts';
import { parseDocument, parseTime } from './stored-json.ts';
import type { Tables } from './tables.ts';

export function createIdentities(database: Database): IdentityStore {
  return { tokens: createTokens(database), users: createUsers(database), sessions: createSessions(database) };
}

function createTokens({ reads, write }: Database): IdentityStore['tokens'] {
  return {
    async add({ lastUsedAt: _, revokedAt: __, ...token }, event) {
      const { id, name, sha256, createdAt, expiresAt } = token;
      await write(async (tx) => {
        const namesake = await tx
          .selectFrom('tokens')
          .select('id')
          .where('name', '=', name)
          .where('revoked_at', 'is', null)
          .where('expires_at', '>', createdAt.toISOString())
          .executeTakeFirst();
        if (namesake)
          throw new WheelgateError(
            'CONFLICT',
            `there is a token with the name ${name} already`,
            'Choose another name, or revoke that one first: wheelgate token list.',
          );
        const expires_at = expiresAt.toISOString();
        await tx
          .insertInto('tokens')
          .values({ id, name, sha256, expires_at, document: JSON.stringify(token) })
          .execute();
        await appendAuditEvents(tx, [event]);
      });
    },

    async find(id) {
      const row = await reads.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
      return row && readToken(row);
    },

    async findByDigest(sha256) {
      const row = await reads.selectFrom('tokens').selectAll().where('sha256', '=', sha256).executeTakeFirst();
      return row && readToken(row);
    },

    async list({ after, limit }) {
      const rows = await reads
        .selectFrom('tokens')
        .selectAll()
        .$if(after !== undefined, (query) =>
          query.where((row) =>
            row.or([
              row('name', '>', after!.name),
              row.and([row('name', '=', after!.name), row('id', '>', after!.id)]),
            ]),
          ),
        )
        .orderBy('name')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(readToken);
    },

    async revoke(id, at, event) {
      await write(async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('tokens')
          .set({ revoked_at: at.toISOString() })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows > 0n) await appendAuditEvents(tx, [event]);
      });
    },

    async noteUse(id, at) {
      await write(async (tx) => {
        await tx.updateTable('tokens').set({ last_used_at: at.toISOString() }).where('id', '=', id).execute();
      });
    },
  };
}

function readToken({ document, revoked_at, last_used_at }: Tables['tokens']): Token {
  const { createdAt, expiresAt, ...token } = parseDocument<Token>(document, 'tokens');
  return {
    ...token,
    createdAt: parseTime(createdAt, 'tokens'),
    expiresAt: parseTime(expiresAt, 'tokens'),
    ...(revoked_at !== null && { revokedAt: parseTime(revoked_at, 'tokens') }),
    ...(last_used_at !== null && { lastUsedAt: parseTime(last_used_at, 'tokens') }),
  } as Token;
}

function createUsers({ reads, write }: Database): IdentityStore['users'] {
  return {
    async find(name) {
      const row = await reads.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
      return row && readUser(row);
    },

    async findBySubject(issuer, sub) {
      const row = await reads
        .selectFrom('users')
        .selectAll()
        .where('issuer', '=', issuer)
        .where('subject', '=', sub)
        .executeTakeFirst();
      return row && readUser(row);
    },

    async list({ after, limit }) {
      const rows = await reads
        .selectFrom('users')
        .selectAll()
        .$if(after !== undefined, (query) => query.where('name', '>', after!))
        .orderBy('name')
        .limit(limit)
        .execute();
      return rows.map(readUser);
    },

    async put({ lastLoginAt: _, ...user }, events) {
      const { name, version, subject } = user;
      const row = {
        name,
        version,
        issuer: subject?.issuer ?? null,
        subject: subject?.sub ?? null,
        document: JSON.stringify(user),
      };
      await write(async (tx) => {
        const there = await tx.selectFrom('users').select('version').where('name', '=', name).executeTakeFirst();
        if ((there?.version ?? 0) !== version - 1) throw changedMeanwhile(name, version);
        if (subject !== undefined) {
          const other = await tx
            .selectFrom('users')
            .select('name')
            .where('issuer', '=', subject.issuer)
            .where('subject', '=', subject.sub)
            .where('name', '!=', name)
            .executeTakeFirst();
          if (other)
            throw new WheelgateError('CONFLICT', `this login belongs to user ${other.name}`, 'Log in as that user.');
        }
        if (there) await tx.updateTable('users').set(row).where('name', '=', name).execute();
        else await tx.insertInto('users').values(row).execute();
        await appendAuditEvents(tx, events);
      });
    },

    async noteLogin(name, at, event) {
      await write(async (tx) => {
        await tx.updateTable('users').set({ last_login_at: at.toISOString() }).where('name', '=', name).execute();
        await appendAuditEvents(tx, [event]);
      });
    },
  };
}

function changedMeanwhile(name: string, version: number): WheelgateError {
  return version === 1
    ? new WheelgateError('CONFLICT', `there is a user ${name} already`, 'Choose another name.')
    : new WheelgateError('CONFLICT', `user ${name} was changed meanwhile`, 'Look at what changed and try again.');
}

function readUser({ document, last_login_at }: Tables['users']): User {
  const { createdAt, disabledAt, ...user } = parseDocument<User>(document, 'users');
  return {
    ...user,
    createdAt: parseTime(createdAt, 'users'),
    ...(disabledAt !== undefined && { disabledAt: parseTime(disabledAt, 'users') }),
    ...(last_login_at !== null && { lastLoginAt: parseTime(last_login_at, 'users') }),
  } as User;
}

function createSessions({ reads, write }: Database): IdentityStore['sessions'] {
  return {
    async add(session) {
      const { sha256, user: user_name, expiresAt } = session;
      const row = { sha256, user_name, expires_at: expiresAt.toISOString(), document: JSON.stringify(session) };
      await write(async (tx) => void (await tx.insertInto('sessions').values(row).execute()));
    },

    async find(sha256) {
      const row = await reads.selectFrom('sessions').select('document').where('sha256', '=', sha256).executeTakeFirst();
      if (!row) return undefined;
      const { createdAt, expiresAt, ...session } = parseDocument<Session>(row.document, 'sessions');
      return {
        ...session,
        createdAt: parseTime(createdAt, 'sessions'),
        expiresAt: parseTime(expiresAt, 'sessions'),
      } as Session;
    },

    async remove(sha256) {
      await write(async (tx) => void (await tx.deleteFrom('sessions').where('sha256', '=', sha256).execute()));
    },

    async removeOf(user) {
      await write(async (tx) => void (await tx.deleteFrom('sessions').where('user_name', '=', user).execute()));
    },

    async removeExpired(now) {
      await write(
        async (tx) => void (await tx.deleteFrom('sessions').where('expires_at', '<=', now.toISOString()).execute()),
      );
    },
  };
}
