import type { Command } from 'commander';
import type { SessionRecord } from '../../api/session.ts';
import { DAY_MS } from '../../core/duration.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

/** A token that ends sooner is worth a word. */
const SOON_DAYS = 7;

export function addWhoami(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('whoami'))
    .description('say who the gate takes this token for, what it may do and until when')
    .addOption(formatOption('text', 'json'))
    .action(({ format, ...flags }: CommonFlags & { readonly format: string }) =>
      run(async () => {
        const { identity } = await withApi(program, flags, (api) => api.call('readSession', {}));
        if (format === 'json') terminal.out(`${JSON.stringify({ schema: 'wheelgate.whoami/1', ...identity })}\n`);
        else terminal.out(describe(identity));
        if (identity.expiresAt !== null && daysUntil(identity.expiresAt) < SOON_DAYS && identity.kind === 'token')
          terminal.err('This token ends soon. An admin makes another: wheelgate token create.\n');
        return EXIT.clean;
      }),
    );
}

function describe(identity: SessionRecord['identity']): string {
  const { kind, name, roles, owner, consumer, indexes, expiresAt, permissions } = identity;
  const rows: readonly (readonly [string, string | null])[] = [
    ['roles', roles.join(', ') || 'none'],
    ['owner', owner],
    ['consumer', consumer],
    ['indexes', indexes === null ? 'all' : indexes.join(', ') || 'none'],
    ['until', expiresAt && `${expiresAt.slice(0, 16)}Z, ${daysUntil(expiresAt)} days from now`],
    ['may', permissions.join(', ') || 'do nothing'],
  ];
  const lines = rows.flatMap(([what, value]) => (value === null ? [] : [`  ${what.padEnd(9)} ${printable(value)}`]));
  return `${[`${printable(name)} (${SAID[kind]})`, ...lines].join('\n')}\n`;
}

function daysUntil(time: string): number {
  return Math.max(0, Math.floor((Date.parse(time) - Date.now()) / DAY_MS));
}

const SAID = {
  user: 'a login',
  token: 'a token',
  ci: 'a token of a CI job',
  local: 'the person at the data folder of the gate',
  anonymous: 'nobody known',
} as const;
