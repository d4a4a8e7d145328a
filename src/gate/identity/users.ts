import { WheelgateError } from '../../core/errors.ts';
import { can, type Identity } from '../../core/identity/identity.ts';
import type { IdentityStore } from '../../core/identity/identity-store.ts';
import type { User } from '../../core/identity/user.ts';
import type { Clock, Passwords } from '../ports.ts';

export type NewUser = Pick<User, 'name' | 'roles' | 'indexes'> & { readonly password?: string };

/** What an edit changes; what is absent stays. `indexes: null` takes the scope away. */
export type UserChange = {
  readonly roles?: User['roles'];
  readonly indexes?: readonly string[] | null;
  readonly disabled?: boolean;
};

export type Users = ReturnType<typeof createUsers>;

/** Accounts of people. @param knowsIndex whether there is an index of this name */
export function createUsers(needs: {
  readonly identities: Pick<IdentityStore, 'users' | 'sessions'>;
  readonly passwords: Passwords;
  readonly knowsIndex: (name: string) => boolean;
  readonly clock: Clock;
}) {
  const { identities, passwords, knowsIndex, clock } = needs;
  const { users, sessions } = identities;

  return {
    list: users.list,

    /** @throws {WheelgateError} NOT_FOUND */
    find: findUser,

    /** @throws {WheelgateError} CONFLICT when the name is taken, NOT_FOUND for an index that is not there */
    async create({ password, ...content }: NewUser, by: Identity): Promise<User> {
      refuseStrangeIndexes(content.indexes);
      const user: User = {
        ...content,
        ...(password !== undefined && { passwordHash: await passwords.hash(password) }),
        createdBy: by.name,
        createdAt: clock(),
        version: 1,
      };
      await users.put(user, [event('user.created', user, by, standing(user))]);
      return user;
    },

    /**
     * Changes roles and scope, or disables; whoever is disabled or loses a role does so at once.
     * @throws {WheelgateError} NOT_FOUND, CONFLICT when somebody else was faster
     */
    async change(name: string, { roles, indexes, disabled }: UserChange, by: Identity): Promise<User> {
      refuseStrangeIndexes(indexes ?? undefined);
      const { indexes: oldIndexes, disabledAt: oldDisabledAt, ...user } = await findUser(name);
      const newIndexes = indexes === undefined ? oldIndexes : (indexes ?? undefined);
      const disabledAt = disabled === undefined ? oldDisabledAt : disabled ? (oldDisabledAt ?? clock()) : undefined;
      const next: User = {
        ...user,
        ...(roles && { roles }),
        ...(newIndexes && { indexes: newIndexes }),
        ...(disabledAt && { disabledAt }),
        version: user.version + 1,
      };
      await users.put(next, [event('user.changed', next, by, standing(next))]);
      if (disabledAt) await sessions.removeOf(name);
      return next;
    },

    /**
     * Sets a password and ends all sessions. Users set their own with the one that they have.
     * @throws {WheelgateError} NOT_FOUND, FORBIDDEN
     */
    async setPassword(name: string, password: string, current: string | undefined, by: Identity): Promise<User> {
      if (!can(by, 'manage-identities')) {
        if (by.kind !== 'user' || by.name !== `user:${name}`)
          throw new WheelgateError('FORBIDDEN', 'this is the password of somebody else', 'Ask an admin.');
        const { passwordHash } = await findUser(name);
        if (!(await passwords.verify(passwordHash, current ?? '')))
          throw new WheelgateError('FORBIDDEN', 'the current password is wrong', 'Give it as "current".');
      }
      const passwordHash = await passwords.hash(password);
      const user = await findUser(name);
      const next: User = { ...user, passwordHash, version: user.version + 1 };
      await users.put(next, [event('user.password-set', next, by, {})]);
      await sessions.removeOf(name);
      return next;
    },
  };

  async function findUser(name: string): Promise<User> {
    const user = await users.find(name);
    if (user) return user;
    throw new WheelgateError(
      'NOT_FOUND',
      `there is no user ${JSON.stringify(name)}`,
      'wheelgate user list shows them.',
    );
  }

  function refuseStrangeIndexes(indexes: readonly string[] | undefined): void {
    const strange = indexes?.find((index) => !knowsIndex(index));
    if (strange !== undefined)
      throw new WheelgateError('NOT_FOUND', `there is no index ${JSON.stringify(strange)}`, 'Check the spelling.');
  }

  function event(
    type: 'user.created' | 'user.changed' | 'user.password-set',
    { name }: User,
    by: Identity,
    detail: Readonly<Record<string, unknown>>,
  ) {
    return { at: clock(), type, actor: by.name, subject: `user:${name}`, detail };
  }
}

/** What the audit log keeps of a user. */
function standing({ roles, indexes, disabledAt }: User): Readonly<Record<string, unknown>> {
  return { roles: [...roles], ...(indexes && { indexes: [...indexes] }), disabled: disabledAt !== undefined };
}
