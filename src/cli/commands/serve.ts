import type { Command } from 'commander';
import { type CommandContext, withCommonFlags } from '../command-context.ts';
import type { ServeFlags } from '../program.ts';

export function addServe(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('serve'))
    .description('run the gate: the index that pip and the others install from')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for a free one (default: 8080)')
    .option('--log-level <level>', 'trace, debug, info, warn, error or silent (default: info)')
    .action((flags: ServeFlags) => run(() => program.serve(flags, (lines) => terminal.out(`${lines.join('\n')}\n`))));
}
