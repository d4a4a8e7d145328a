import type { Command } from 'commander';
import type { DrillReport } from '../../api/drill.ts';
import { type CommandContext, formatOption } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';

export function addDrill(root: Command, { program, terminal, run }: CommandContext): void {
  root
    .command('drill')
    .description('play a revocation through with a harmless package and a gate of its own; say how long each door took')
    .addOption(formatOption('text', 'json'))
    .action(({ format }: { readonly format: string }) =>
      run(async () => {
        const report = await program.drill();
        terminal.out(format === 'json' ? `${JSON.stringify(report)}\n` : renderText(report));
        return report.passed ? EXIT.clean : EXIT.violation;
      }),
    );
}

function renderText({ recordedMs, doors, holders, passed }: DrillReport): string {
  return [
    `A second process revoked a harmless package; opening the data and recording took ${recordedMs} ms. From then on:`,
    ...doors.map(
      ({ door, closedMs }) =>
        `  ${door.padEnd(13)}${closedMs === null ? 'still open after 60 s' : `closed after ${closedMs} ms`}`,
    ),
    `  who-has      names ${holders} of 1 clients that had it`,
    passed ? 'The drill passed.' : 'The drill failed: look at the log of the gate.',
    '',
  ].join('\n');
}
