import { type Command, Option } from 'commander';
import type { TokenRecord } from '../../api/token.ts';
import { ROLES, type Role } from '../../core/identity/identity.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { readAll } from '../read-all.ts';
import { printable } from '../terminal.ts';

type Flags = CommonFlags & { readonly format: string };
type CreateFlags = Flags & {
  readonly name: string;
  readonly role: readonly Role[];
  readonly index?: readonly string[];
  readonly consumer?: string;
  readonly owner?: string;
  readonly expires: string;
};

/** `token create`, `token list`, `token revoke`. */
export function addToken(root: Command, context: CommandContext): void {
  const token = root.command('token').description('make, list and revoke the tokens that clients and scripts send');
  addCreate(token, context);
  addList(token, context);
  addRevoke(token, context);
}

function addCreate(token: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(token.command('create'))
    .description('make a token; its secret is printed this once')
    .requiredOption('--name <name>', 'what the audit log calls it, such as "ci-web"')
    .addOption(roleOption('what it may do: one or several').makeOptionMandatory())
    .option('--index <name...>', 'the indexes that it reaches (default: all)')
    .option('--consumer <name>', 'the project of the team that installs with it')
    .option('--owner <user>', 'the user whose token it is: it can do no more than that user')
    .option('--expires <time>', 'how long it holds, at most 366d', '90d')
    .addOption(formatOption('text', 'json'))
    .action(({ format, ...flags }: CreateFlags) =>
      run(async () => {
        const created = await withApi(program, flags, (api) => api.call('createToken', { body: bodyOf(flags) }));
        const { token: secret, name, expiresAt } = created;
        terminal.out(format === 'json' ? `${JSON.stringify(created)}\n` : `${secret}\n`);
        if (format !== 'json')
          terminal.err(
            [
              `This is token ${name}; it holds until ${expiresAt.slice(0, 10)} and is shown this once.`,
              'Commands:  WHEELGATE_URL=<gate> WHEELGATE_TOKEN=<token>',
              'pip:       --index-url http://__token__:<token>@<host>/simple/',
              '',
            ].join('\n'),
          );
        return EXIT.clean;
      }),
    );
}

function bodyOf({ name, role, index, consumer, owner, expires }: Omit<CreateFlags, 'format'>) {
  return {
    name,
    roles: [...role],
    expires,
    ...(index && { indexes: [...index] }),
    ...(consumer !== undefined && { consumer }),
    ...(owner !== undefined && { owner }),
  };
}

function addList(token: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(token.command('list'))
    .description('list tokens, without their secrets')
    .addOption(formatOption('text', 'json'))
    .action((flags: Flags) =>
      run(async () => {
        const pages = await withApi(program, flags, (api) =>
          readAll((cursor) => api.call('listTokens', { query: { limit: 500, ...(cursor && { cursor }) } })),
        );
        const tokens = pages.flatMap((page) => page.tokens);
        if (flags.format === 'json') terminal.out(`${JSON.stringify({ schema: 'wheelgate.tokens/1', tokens })}\n`);
        else if (tokens.length === 0) terminal.err('There are no tokens.\n');
        else terminal.out(`${tokens.map(describe).join('\n')}\n`);
        return EXIT.clean;
      }),
    );
}

function addRevoke(token: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(token.command('revoke'))
    .description('end a token for good; a running gate refuses it within seconds')
    .argument('<token>', 'its name, or its id')
    .addOption(formatOption('text', 'json'))
    .action((which: string, flags: Flags) =>
      run(async () => {
        const revoked = await withApi(program, flags, (api) => api.call('revokeToken', { params: { token: which } }));
        terminal.out(
          flags.format === 'json' ? `${JSON.stringify(revoked)}\n` : `Token ${printable(revoked.name)} is revoked.\n`,
        );
        return EXIT.clean;
      }),
    );
}

/** `--role`, which may be given several times. */
export function roleOption(description: string): Option {
  return new Option('--role <role...>', description).choices(ROLES);
}

function describe({ name, state, roles, indexes, consumer, owner, expiresAt, lastUsedAt }: TokenRecord): string {
  return [
    `${state.padEnd(8)}${printable(name)}`,
    roles.join(','),
    indexes && `indexes ${indexes.join(',')}`,
    consumer && `consumer ${printable(consumer)}`,
    owner && `owner ${printable(owner)}`,
    `until ${expiresAt.slice(0, 10)}`,
    lastUsedAt === null ? 'never used' : `last used ${lastUsedAt.slice(0, 16)}Z`,
  ]
    .filter(Boolean)
    .join('  ');
}
