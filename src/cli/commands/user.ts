import type { Command } from 'commander';
import type { GateApi } from '../../api/gate-api.ts';
import type { UserRecord } from '../../api/user.ts';
import type { Role } from '../../core/identity/identity.ts';
import { askPassword } from '../ask-password.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { readAll } from '../read-all.ts';
import { printable } from '../terminal.ts';
import { roleOption } from './token.ts';

type Flags = CommonFlags & { readonly format: string };
type StandingFlags = Flags & { readonly role?: readonly Role[]; readonly index?: readonly string[] };
type PasswordFlags = Flags & { readonly passwordStdin?: true };

/** `user add`, `user list`, `user change`, `user disable`, `user enable`, `user password`. */
export function addUser(root: Command, context: CommandContext): void {
  const user = root.command('user').description('add and change the accounts of people');
  addAdd(user, context);
  addList(user, context);
  addChange(user, context);
  addSwitch(user, context, 'disable', true, 'end all logins and tokens of an account; it stays in the audit log');
  addSwitch(user, context, 'enable', false, 'let a disabled account in again');
  addPassword(user, context);
}

function addAdd(user: Command, context: CommandContext): void {
  const { terminal } = context;
  withCommonFlags(user.command('add'))
    .description('add an account; without a password it waits for one, or for a login with a provider')
    .argument('<name>')
    .addOption(roleOption('what they may do: one or several').makeOptionMandatory())
    .option('--index <name...>', 'the indexes that they reach (default: all)')
    .option('--password-stdin', 'read a password from standard input')
    .addOption(formatOption('text', 'json'))
    .action((name: string, { role = [], index, ...flags }: StandingFlags & PasswordFlags) =>
      change(context, flags, 'is added', async (api) => {
        const password = flags.passwordStdin ? await askPassword(terminal, true) : undefined;
        return api.call('createUser', {
          body: {
            name,
            roles: [...role],
            ...(index && { indexes: [...index] }),
            ...(password !== undefined && { password }),
          },
        });
      }),
    );
}

function addList(user: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(user.command('list'))
    .description('list accounts')
    .addOption(formatOption('text', 'json'))
    .action((flags: Flags) =>
      run(async () => {
        const pages = await withApi(program, flags, (api) =>
          readAll((cursor) => api.call('listUsers', { query: { limit: 500, ...(cursor && { cursor }) } })),
        );
        const users = pages.flatMap((page) => page.users);
        if (flags.format === 'json') terminal.out(`${JSON.stringify({ schema: 'wheelgate.users/1', users })}\n`);
        else if (users.length === 0) terminal.err('There are no accounts.\n');
        else terminal.out(`${users.map(describe).join('\n')}\n`);
        return EXIT.clean;
      }),
    );
}

function addChange(user: Command, context: CommandContext): void {
  withCommonFlags(user.command('change'))
    .description('give an account other roles or another scope; counts at once')
    .argument('<name>')
    .addOption(roleOption('what they may do from now on (default: as before)'))
    .option('--index <name...>', 'the indexes that they reach from now on (default: as before)')
    .option('--all-indexes', 'let them reach every index')
    .addOption(formatOption('text', 'json'))
    .action((name: string, { role, index, allIndexes, ...flags }: StandingFlags & { readonly allIndexes?: true }) =>
      change(context, flags, 'is changed', (api) =>
        api.call('changeUser', {
          params: { user: name },
          body: {
            ...(role && { roles: [...role] }),
            ...(index && { indexes: [...index] }),
            ...(allIndexes && { indexes: null }),
          },
        }),
      ),
    );
}

function addSwitch(
  user: Command,
  context: CommandContext,
  verb: 'disable' | 'enable',
  disabled: boolean,
  description: string,
): void {
  withCommonFlags(user.command(verb))
    .description(description)
    .argument('<name>')
    .addOption(formatOption('text', 'json'))
    .action((name: string, flags: Flags) =>
      change(context, flags, `is ${verb}d`, (api) =>
        api.call('changeUser', { params: { user: name }, body: { disabled } }),
      ),
    );
}

function addPassword(user: Command, context: CommandContext): void {
  withCommonFlags(user.command('password'))
    .description('set the password of an account and end its logins')
    .argument('<name>')
    .option('--password-stdin', 'read it from standard input instead of asking')
    .addOption(formatOption('text', 'json'))
    .action((name: string, flags: PasswordFlags) =>
      change(context, flags, 'has a new password', async (api) => {
        const password = await askPassword(context.terminal, flags.passwordStdin === true);
        return api.call('setPassword', { params: { user: name }, body: { password } });
      }),
    );
}

function change(
  { program, terminal, run }: CommandContext,
  flags: Flags,
  done: string,
  action: (api: GateApi) => Promise<UserRecord>,
): Promise<void> {
  return run(async () => {
    const user = await withApi(program, flags, action);
    terminal.out(flags.format === 'json' ? `${JSON.stringify(user)}\n` : `User ${printable(user.name)} ${done}.\n`);
    return EXIT.clean;
  });
}

function describe({ name, disabled, roles, indexes, hasPassword, issuer, lastLoginAt }: UserRecord): string {
  return [
    `${disabled ? 'disabled' : 'active  '}  ${printable(name)}`,
    roles.join(',') || 'no role',
    indexes && `indexes ${indexes.join(',')}`,
    issuer ?? (hasPassword ? 'password' : 'no password'),
    lastLoginAt === null ? 'never logged in' : `last login ${lastLoginAt.slice(0, 16)}Z`,
  ]
    .filter(Boolean)
    .join('  ');
}
