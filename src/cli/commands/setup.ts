import type { Command } from 'commander';
import { WheelgateError } from '../../core/errors.ts';
import { CLIENT_SETTINGS } from '../client-settings.ts';
import type { CommandContext } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { ServeFlags } from '../program.ts';

export function addSetup(root: Command, { program, terminal, run }: CommandContext): void {
  root
    .command('setup')
    .description('print what makes a client use the gate as its only index')
    .argument('<client>', CLIENT_SETTINGS.map(({ name }) => name).join(', '))
    .option('--url <url>', 'address of the index (default: from the configuration)')
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .option('--config <file>', 'configuration file (default: wheelgate.toml, when it is there)')
    .action((name: string, flags: ServeFlags & { url?: string; index?: string }) =>
      run(async () => {
        const client = CLIENT_SETTINGS.find((one) => one.name === name);
        if (!client) {
          throw new WheelgateError(
            'USAGE',
            `there is no set-up for ${JSON.stringify(name)}`,
            `Choose one of ${CLIENT_SETTINGS.map((one) => one.name).join(', ')}.`,
          );
        }
        const url = flags.url ?? (await program.indexUrl(flags, flags.index));
        // The text goes to stdout, so that it can be redirected into the file; the talk does not.
        terminal.err(`# ${client.file}\n`);
        terminal.out(client.text(url));
        if (client.hint) terminal.err(`# ${client.hint}\n`);
        return EXIT.clean;
      }),
    );
}
