import { readUser, type UserRecord } from '../../../api/user.ts';
import type { User } from '../../../core/identity/user.ts';
import type { Users } from '../../../gate/identity/users.ts';
import { cutPage, decodeCursor } from '../../api/cursor.ts';
import { expectUnchanged } from '../../api/etag.ts';
import type { Handlers } from '../../api/handler.ts';

export type UserNeeds = {
  readonly users: Users;
  /** Something about identities was changed: what is remembered of them is read anew. */
  readonly forget: () => void;
};

type Names = 'createUser' | 'listUsers' | 'readUser' | 'changeUser' | 'setPassword';

export function userHandlers({ users, forget }: UserNeeds): Pick<Handlers, Names> {
  return {
    async createUser({ body: { name, roles, indexes, password } }, { identity }) {
      const request = {
        name,
        roles: [...new Set(roles)],
        ...(indexes && { indexes }),
        ...(password !== undefined && { password }),
      };
      return record(await users.create(request, identity));
    },

    async listUsers({ query: { limit, cursor } }) {
      const [after] = decodeCursor(cursor, 1) ?? [];
      const found = await users.list({ limit: limit + 1, ...(after !== undefined && { after: String(after) }) });
      const { rows, next } = cutPage(found, limit, ({ name }) => [name]);
      return { users: rows.map(record), next };
    },

    readUser: async ({ params }) => record(await users.find(params.user)),

    async changeUser({ params, body: { roles, indexes, disabled } }, { identity, ifMatch }) {
      expectUnchanged(ifMatch, readUser, record(await users.find(params.user)));
      const change = {
        ...(roles && { roles: [...new Set(roles)] }),
        ...(indexes !== undefined && { indexes }),
        ...(disabled !== undefined && { disabled }),
      };
      const user = await users.change(params.user, change, identity);
      forget();
      return record(user);
    },

    async setPassword({ params, body: { password, current } }, { identity }) {
      return record(await users.setPassword(params.user, password, current, identity));
    },
  };
}

function record(user: User): UserRecord {
  const { name, roles, indexes, passwordHash, subject, createdBy, createdAt, disabledAt, lastLoginAt } = user;
  return {
    name,
    roles: [...roles],
    indexes: indexes ? [...indexes] : null,
    disabled: disabledAt !== undefined,
    hasPassword: passwordHash !== undefined,
    issuer: subject?.issuer ?? null,
    createdBy,
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
    lastLoginAt: lastLoginAt?.toISOString() ?? null,
  };
}
