import type { Command } from 'commander';
import type { NotifyStatus } from '../../api/notify.ts';
import { type CommandContext, formatOption, withCommonFlags, withOpened } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

/** `notify`: whether the channels of the configuration work, and what went out on them. */
export function addNotify(root: Command, { program, terminal, run }: CommandContext): void {
  const notify = root.command('notify').description('webhooks, chats and mail that hear of holds, reviews and alarms');

  withCommonFlags(notify.command('test'))
    .description('send a message to one channel now')
    .argument('<channel>', 'its name in wheelgate.toml')
    .action((channel: string, flags: CommonFlags) =>
      run(() =>
        withOpened(program.openNotifier(flags), async (notifier) => {
          const problem = await notifier.test(channel);
          terminal.err(
            problem === undefined ? `${channel} took the message.\n` : `${channel}: ${printable(problem)}.\n`,
          );
          return problem === undefined ? EXIT.clean : EXIT.unreachable;
        }),
      ),
    );

  withCommonFlags(notify.command('status'))
    .description('the channels, and the newest messages to them')
    .addOption(formatOption('text', 'json'))
    .action((flags: CommonFlags & { format: string }) =>
      run(() =>
        withOpened(program.openNotifier(flags), async (notifier) => {
          const status = await notifier.status();
          terminal.out(flags.format === 'json' ? `${JSON.stringify(status)}\n` : describe(status));
          if (status.channels.length === 0) terminal.err('There is no [[notify]] in wheelgate.toml.\n');
          return status.channels.length === 0 ? EXIT.nothing : EXIT.clean;
        }),
      ),
    );
}

function describe({ channels, deliveries }: NotifyStatus): string {
  const lines = [
    ...channels.map(({ name, kind }) => `${name}: ${kind}`),
    ...deliveries.map(({ createdAt, channel, state, titles, more, attempts, problem, nextAt }) => {
      const count = titles.length + more;
      const what = `${printable(titles[0] ?? '')}${count > 1 ? ` and ${count - 1} more` : ''}`;
      const tries = state === 'waiting' ? `, next try ${nextAt}` : '';
      const trouble = problem === null ? '' : ` (${printable(problem)}, ${attempts} tries${tries})`;
      return `${createdAt}  ${channel}  ${state}  ${what}${trouble}`;
    }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
