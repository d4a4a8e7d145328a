import { createAuthenticate } from '../gate/identity/authenticate.ts';
import { createSignIn } from '../gate/identity/sign-in.ts';
import { createTokens } from '../gate/identity/tokens.ts';
import { createUsers } from '../gate/identity/users.ts';
import { createPasswords } from '../io/identity/passwords.ts';
import { createSessionCookie } from '../server/session-cookie.ts';
import type { Gate } from './open-gate.ts';

export type Identities = ReturnType<typeof openIdentities>;

/** Accounts, tokens and logins of an open gate. */
export function openIdentities({ store, config, clock, audit, indexes, logger }: Gate) {
  const { identities } = store;
  const passwords = createPasswords();
  const knowsIndex = (name: string) => indexes.some((index) => index.name === name);
  return {
    tokens: createTokens({ identities, knowsIndex, clock }),
    users: createUsers({ identities, passwords, knowsIndex, clock }),
    signIn: createSignIn({ identities, passwords, audit, clock, sessionMs: config.access.session }),
    authenticate: createAuthenticate({
      identities,
      clock,
      onError: (error) => logger.warn({ err: error }, 'the use of a token could not be noted'),
    }),
    cookie: createSessionCookie(config.public_url?.startsWith('https:') === true),
  };
}
