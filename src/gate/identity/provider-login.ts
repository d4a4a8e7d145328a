import { WheelgateError } from '../../core/errors.ts';
import { ROLES, type Role } from '../../core/identity/identity.ts';
import type { IdentityStore } from '../../core/identity/identity-store.ts';
import { USER_NAME, type User } from '../../core/identity/user.ts';
import type { Clock, ProviderAccount } from '../ports.ts';
import type { SignedIn, SignIn } from './sign-in.ts';

export type ProviderLogin = ReturnType<typeof createProviderLogin>;

/** Who logs in with a provider: the account is made at the first login, and its roles follow the groups there. */
export function createProviderLogin(needs: {
  readonly users: IdentityStore['users'];
  readonly signIn: Pick<SignIn, 'withProvider'>;
  readonly clock: Clock;
  /** What everybody may who can log in. */
  readonly defaultRoles: readonly Role[];
  /** Roles by group; empty: admins give the roles, and a login changes none. */
  readonly rolesByGroup: Readonly<Record<string, readonly Role[]>>;
}) {
  const { users, signIn, clock, defaultRoles, rolesByGroup } = needs;

  /** @throws {WheelgateError} CONFLICT when the name is that of somebody else, UNAUTHENTICATED when disabled */
  return async function logIn(account: ProviderAccount, address: string): Promise<SignedIn> {
    const known = await users.findBySubject(account.issuer, account.sub);
    return signIn.withProvider(known ? await follow(known, account) : await create(account), address);
  };

  async function create(account: ProviderAccount): Promise<User> {
    const { issuer, sub } = account;
    const name = account.name?.toLowerCase() ?? '';
    if (!USER_NAME.test(name))
      throw new WheelgateError(
        'INPUT_INVALID',
        `${issuer} gives no name that an account could have`,
        'Set access.oidc.name_claim to a claim with a short name or an address of mail.',
      );
    if (await users.find(name))
      throw new WheelgateError(
        'CONFLICT',
        `there is an account ${name} that does not belong to this login`,
        'An admin may disable it, or set access.oidc.name_claim to another claim.',
      );
    const user: User = {
      name,
      roles: rolesOf(account),
      subject: { issuer, sub },
      createdBy: `oidc:${issuer}`,
      createdAt: clock(),
      version: 1,
    };
    await users.put(user, [event('user.created', user)]);
    return user;
  }

  async function follow(user: User, account: ProviderAccount): Promise<User> {
    const roles = rolesOf(account);
    const isSame = roles.length === user.roles.length && roles.every((role) => user.roles.includes(role));
    if (Object.keys(rolesByGroup).length === 0 || isSame) return user;
    const next: User = { ...user, roles, version: user.version + 1 };
    await users.put(next, [event('user.changed', next)]);
    return next;
  }

  function rolesOf({ groups }: ProviderAccount): readonly Role[] {
    const given = new Set([...defaultRoles, ...groups.flatMap((group) => rolesByGroup[group] ?? [])]);
    return ROLES.filter((role) => given.has(role));
  }

  function event(type: 'user.created' | 'user.changed', { name, roles, subject }: User) {
    const actor = `oidc:${subject!.issuer}`;
    const detail = { roles: [...roles], disabled: false, issuer: subject!.issuer };
    return { at: clock(), type, actor, subject: `user:${name}`, detail };
  }
}
