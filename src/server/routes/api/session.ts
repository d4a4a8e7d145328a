import type { z } from 'zod';
import type { readSession } from '../../../api/session.ts';
import { type Identity, permissionsOf } from '../../../core/identity/identity.ts';
import { csrfToken } from '../../../core/identity/session.ts';
import type { SignIn } from '../../../gate/identity/sign-in.ts';
import type { Handlers } from '../../api/handler.ts';
import type { SessionCookie } from '../../session-cookie.ts';

export type SessionNeeds = { readonly signIn: SignIn; readonly cookie: SessionCookie };

export function sessionHandlers({ signIn, cookie }: SessionNeeds): Pick<Handlers, 'logIn' | 'readSession' | 'logOut'> {
  return {
    async logIn({ body: { user, password } }, { address, setHeader }) {
      const { secret, expiresAt, identity } = await signIn.withPassword(user, password, address);
      setHeader('set-cookie', cookie.write(secret, expiresAt));
      return session(identity, secret);
    },

    readSession: async (_, { identity, session: secret }) => session(identity, secret),

    async logOut(_, { session: secret, setHeader }) {
      if (secret !== undefined) await signIn.signOut(secret);
      setHeader('set-cookie', cookie.clear());
      return {};
    },
  };
}

function session(identity: Identity, secret: string | undefined): z.input<(typeof readSession)['response']> {
  const { kind, name, roles, indexes, consumer, owner, expiresAt } = identity;
  return {
    identity: {
      kind,
      name,
      roles: [...roles],
      indexes: indexes ? [...indexes] : null,
      consumer: consumer ?? null,
      owner: owner ?? null,
      expiresAt: expiresAt?.toISOString() ?? null,
      permissions: [...permissionsOf(identity)],
    },
    csrf: secret === undefined ? null : csrfToken(secret),
  };
}
