import type { Command } from 'commander';
import { type CommandContext, formatOption, withCommonFlags } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags, Diagnosis } from '../program.ts';
import { printable } from '../terminal.ts';

/** Words, so that nothing depends on colour. */
const SIGN: Readonly<Record<Diagnosis['level'], string>> = {
  ok: 'ok      ',
  note: 'note    ',
  warning: 'warning ',
  problem: 'problem ',
};

export function addDoctor(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('doctor'))
    .description('look for what is wrong here: ways round the gate, broken settings, old data, damaged files')
    .addOption(formatOption('text', 'json'))
    .action((flags: CommonFlags & { format: string }) =>
      run(async () => {
        const found = await program.doctor(flags);
        const text = found
          .map(
            ({ level, what, remedy }) =>
              `${SIGN[level]} ${printable(what)}${remedy ? `\n          ${printable(remedy)}` : ''}\n`,
          )
          .join('');
        terminal.out(
          flags.format === 'json' ? `${JSON.stringify({ schema: 'wheelgate.doctor/1', checks: found })}\n` : text,
        );
        return found.some(({ level }) => level === 'problem' || level === 'warning') ? EXIT.violation : EXIT.clean;
      }),
    );
}
