import type { Command } from 'commander';
import { type CommandContext, formatOption } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';

export function addPolicy(root: Command, { program, terminal, run }: CommandContext): void {
  const policy = root.command('policy').description('the rules in force');
  policy
    .command('check')
    .description('read a policy file and show what it means, or what is wrong with it')
    .argument('<file>', 'policy.toml')
    .addOption(formatOption('text', 'json'))
    .action((path: string, flags: { format: string }) =>
      run(async () => {
        const report = await program.checkPolicy(path);
        if (flags.format === 'json') terminal.out(`${JSON.stringify(report)}\n`);
        else {
          const rows = report.rules.map(
            ({ id, effect, summary, settings }) =>
              `  ${id.padEnd(17)} ${effect.padEnd(6)} ${summary}${settings ? `\n${' '.repeat(26)}${settings}` : ''}`,
          );
          terminal.out(
            `${path} is valid: preset "${report.preset}", revision ${report.revision}\n${rows.join('\n')}\n`,
          );
        }
        return EXIT.clean;
      }),
    );
}
