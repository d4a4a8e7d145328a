import { randomBytes, randomUUID } from 'node:crypto';
import { WheelgateError } from '../../core/errors.ts';
import { can, type Identity, type Role } from '../../core/identity/identity.ts';
import type { IdentityStore } from '../../core/identity/identity-store.ts';
import { renderToken, type Token, tokenDigest, tokenState } from '../../core/identity/token.ts';
import type { Clock } from '../ports.ts';

export type TokenRequest = Pick<Token, 'name' | 'roles' | 'indexes' | 'consumer' | 'owner'> & {
  readonly expiresInMs: number;
};

export type Tokens = ReturnType<typeof createTokens>;

/** Makes, lists and revokes tokens. @param knowsIndex whether there is an index of this name */
export function createTokens(needs: {
  readonly identities: Pick<IdentityStore, 'tokens' | 'users'>;
  readonly knowsIndex: (name: string) => boolean;
  readonly clock: Clock;
}) {
  const { identities, knowsIndex, clock } = needs;
  const { tokens, users } = identities;

  return {
    /**
     * Makes a token. Users may make tokens of their own, with roles that they have.
     * @returns the secret, which is shown this once
     * @throws {WheelgateError} FORBIDDEN, NOT_FOUND for an index or owner that is not there, CONFLICT when the name is taken
     */
    async create(request: TokenRequest, by: Identity): Promise<{ readonly token: Token; readonly secret: string }> {
      const { expiresInMs, ...content } = request;
      if (!can(by, 'manage-identities')) refuseUnlessOwn(content, by);
      for (const index of content.indexes ?? []) {
        if (!knowsIndex(index)) throw notFound(`there is no index ${JSON.stringify(index)}`);
      }
      if (content.owner !== undefined && !(await users.find(content.owner)))
        throw notFound(`there is no user ${content.owner}`);
      const secret = renderToken(randomBytes(32));
      const createdAt = clock();
      const token: Token = {
        ...content,
        id: randomUUID(),
        sha256: tokenDigest(secret)!,
        createdBy: by.name,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + expiresInMs),
      };
      const { id, roles, expiresAt, name } = token;
      const { indexes, consumer, owner } = content;
      await tokens.add(token, {
        at: createdAt,
        type: 'token.created',
        actor: by.name,
        subject: `token:${name}`,
        detail: {
          id,
          roles: [...roles],
          expiresAt: expiresAt.toISOString(),
          ...(indexes && { indexes: [...indexes] }),
          ...(consumer !== undefined && { consumer }),
          ...(owner !== undefined && { owner }),
        },
      });
      return { token, secret };
    },

    /**
     * Ends a token, for good. Users may end their own.
     * @param which an id, or the name of the one that holds
     * @throws {WheelgateError} NOT_FOUND, FORBIDDEN
     */
    async revoke(which: string, by: Identity): Promise<Token> {
      const token = await findToken(which);
      // To somebody who may not see it, it is not there.
      if (!token || !(isOwn(token, by) || can(by, 'manage-identities')))
        throw notFound(`there is no token ${JSON.stringify(which)} that you may revoke`);
      const { id, name, consumer } = token;
      await tokens.revoke(id, clock(), {
        at: clock(),
        type: 'token.revoked',
        actor: by.name,
        subject: `token:${name}`,
        detail: { id, ...(consumer !== undefined && { consumer }) },
      });
      return (await tokens.find(id))!;
    },

    /** Behind `after` by name and id: all for who may read identities, else one's own. */
    async list(
      by: Identity,
      page: { readonly after?: { readonly name: string; readonly id: string }; readonly limit: number },
    ): Promise<readonly Token[]> {
      if (can(by, 'read-identities')) return tokens.list(page);
      const own: Token[] = [];
      let { after } = page;
      for (;;) {
        const some = await tokens.list({ limit: 500, ...(after && { after }) });
        own.push(...some.filter((token) => isOwn(token, by)));
        if (some.length < 500 || own.length >= page.limit) return own.slice(0, page.limit);
        after = some.at(-1)!;
      }
    },
  };

  async function findToken(which: string): Promise<Token | undefined> {
    const byId = await tokens.find(which);
    if (byId) return byId;
    const namesakes = await tokens.list({ after: { name: which, id: '' }, limit: 500 });
    return namesakes.find((token) => token.name === which && tokenState(token, clock()) === 'active');
  }
}

function isOwn({ owner }: Pick<Token, 'owner'>, by: Identity): boolean {
  return owner !== undefined && by.kind === 'user' && by.name === `user:${owner}`;
}

function refuseUnlessOwn(request: Pick<Token, 'owner' | 'roles'>, by: Identity): void {
  if (!isOwn(request, by))
    throw new WheelgateError(
      'FORBIDDEN',
      `${by.name} may only make tokens of its own`,
      'Log in with a password and name yourself as owner, or ask an admin.',
    );
  const missing = request.roles.filter((role: Role) => role !== 'machine' && !by.roles.includes(role));
  if (missing.length > 0)
    throw new WheelgateError(
      'FORBIDDEN',
      `${by.name} does not have the role ${missing.join(', ')}`,
      'Give the token roles that you have.',
    );
}

function notFound(what: string): WheelgateError {
  return new WheelgateError('NOT_FOUND', what, 'Check the spelling.');
}
