import type { TokenRecord } from '../../../api/token.ts';
import { type Token, tokenState } from '../../../core/identity/token.ts';
import type { Tokens } from '../../../gate/identity/tokens.ts';
import type { Clock } from '../../../gate/ports.ts';
import { cutPage, decodeCursor } from '../../api/cursor.ts';
import type { Handlers } from '../../api/handler.ts';

export type TokenNeeds = {
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Something about identities was changed: what is remembered of them is read anew. */
  readonly forget: () => void;
};

export function tokenHandlers({
  tokens,
  clock,
  forget,
}: TokenNeeds): Pick<Handlers, 'createToken' | 'listTokens' | 'revokeToken'> {
  return {
    async createToken({ body: { name, roles, indexes, consumer, owner, expires } }, { identity }) {
      const request = {
        name,
        roles: [...new Set(roles)],
        expiresInMs: expires,
        ...(indexes && { indexes: [...new Set(indexes)] }),
        ...(consumer !== undefined && { consumer }),
        ...(owner !== undefined && { owner }),
      };
      const { token, secret } = await tokens.create(request, identity);
      return { schema: 'wheelgate.token/1', token: secret, ...record(token, clock()) };
    },

    async listTokens({ query: { limit, cursor } }, { identity }) {
      const after = decodeCursor(cursor, 2);
      const found = await tokens.list(identity, {
        limit: limit + 1,
        ...(after && { after: { name: String(after[0]), id: String(after[1]) } }),
      });
      const { rows, next } = cutPage(found, limit, ({ name, id }) => [name, id]);
      return { tokens: rows.map((token) => record(token, clock())), next };
    },

    async revokeToken({ params }, { identity }) {
      const token = await tokens.revoke(params.token, identity);
      forget();
      return record(token, clock());
    },
  };
}

function record(token: Token, now: Date): TokenRecord {
  const { id, name, roles, indexes, consumer, owner, createdBy, createdAt, expiresAt, revokedAt, lastUsedAt } = token;
  return {
    id,
    name,
    state: tokenState(token, now),
    roles: [...roles],
    indexes: indexes ? [...indexes] : null,
    consumer: consumer ?? null,
    owner: owner ?? null,
    createdBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
