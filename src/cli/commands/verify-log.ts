import type { Command } from 'commander';
import { type CommandContext, formatOption, withCommonFlags, withOpened } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';

export function addVerifyLog(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('verify-log'))
    .description('recompute the hash chain of the audit log: finds any change, gap or cut')
    .addOption(formatOption('text', 'json'))
    .action((flags: CommonFlags & { format: string }) =>
      run(async () => {
        return withOpened(program.openGate(flags), async (gate) => {
          const result = await gate.verifyLog();
          const text = result.ok
            ? `The audit log is whole: ${result.events} events.`
            : `The audit log was changed at event ${result.seq}: ${result.what}.`;
          terminal.out(flags.format === 'json' ? `${JSON.stringify(result)}\n` : `${text}\n`);
          return result.ok ? EXIT.clean : EXIT.violation;
        });
      }),
    );
}
