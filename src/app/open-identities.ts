import type { Config } from '../config.ts';
import type { CiTrust } from '../core/identity/ci-token.ts';
import type { IdentityStore } from '../core/identity/identity-store.ts';
import { createAuthenticate } from '../gate/identity/authenticate.ts';
import { createProviderLogin } from '../gate/identity/provider-login.ts';
import { createSignIn, type SignIn } from '../gate/identity/sign-in.ts';
import { createTokens } from '../gate/identity/tokens.ts';
import { createUsers } from '../gate/identity/users.ts';
import type { Clock } from '../gate/ports.ts';
import { createCiTokens } from '../io/identity/ci-tokens.ts';
import { createLoginProvider } from '../io/identity/login-provider.ts';
import { createPasswords } from '../io/identity/passwords.ts';
import { createSessionCookie } from '../server/session-cookie.ts';
import type { Gate } from './open-gate.ts';

const PUBLIC_ISSUERS = { github: 'https://token.actions.githubusercontent.com', gitlab: 'https://gitlab.com' } as const;

export type Identities = ReturnType<typeof openIdentities>;

/** Accounts, tokens and logins of an open gate. */
export function openIdentities({ store, config, clock, audit, indexes, logger }: Gate) {
  const { identities } = store;
  const passwords = createPasswords();
  const knowsIndex = (name: string) => indexes.some((index) => index.name === name);
  const signIn = createSignIn({ identities, passwords, audit, clock, sessionMs: config.access.session });
  return {
    tokens: createTokens({ identities, knowsIndex, clock }),
    users: createUsers({ identities, passwords, knowsIndex, clock }),
    signIn,
    /** Absent: nobody logs in with a provider. */
    providerLogin:
      config.access.oidc && openProviderLogin(config.access.oidc, config.proxy, identities.users, signIn, clock),
    authenticate: createAuthenticate({
      identities,
      ciTokens: createCiTokens(config.access.ci.map(ciTrust), config.proxy),
      clock,
      onError: (error) => logger.warn({ err: error }, 'the use of a token could not be noted'),
    }),
    cookie: createSessionCookie(config.public_url?.startsWith('https:') === true),
  };
}

function ciTrust({ issuer, indexes, consumer, ...trust }: Config['access']['ci'][number]): CiTrust {
  return {
    ...trust,
    issuer: issuer ?? PUBLIC_ISSUERS[trust.provider],
    ...(indexes && { indexes }),
    ...(consumer !== undefined && { consumer }),
  };
}

function openProviderLogin(
  oidc: NonNullable<Config['access']['oidc']>,
  proxy: Config['proxy'],
  users: IdentityStore['users'],
  signIn: SignIn,
  clock: Clock,
) {
  const { issuer, client_id: clientId, client_secret: clientSecret, scopes, name_claim: nameClaim } = oidc;
  return {
    provider: createLoginProvider({
      issuer,
      clientId,
      scopes,
      nameClaim,
      groupsClaim: oidc.groups_claim,
      ...(clientSecret !== undefined && { clientSecret }),
      ...(proxy && { proxy }),
    }),
    logIn: createProviderLogin({
      users,
      signIn,
      clock,
      defaultRoles: oidc.default_roles,
      rolesByGroup: oidc.roles,
    }),
  };
}
