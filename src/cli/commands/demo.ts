import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';

export function addDemo(root: Command, { program, terminal, run }: CommandContext): void {
  root
    .command('demo')
    .description(
      'see it work: real pip against a gate of its own, with a good, a young, a typo-squatting and a stealing package',
    )
    .action(() => run(() => program.demo((line) => terminal.out(`${line}\n`))));
}
