import type { Command } from 'commander';
import type { HoldersRecord } from '../../api/emergency.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

type Flags = CommonFlags & { readonly format: string };

export function addWhoHas(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('who-has'))
    .description('say who was served a file, by the audit log, and which secrets could be read there')
    .argument('<purl|sha256>', 'pkg:pypi/name@version, pkg:pypi/name, "name==version", or the sha256 of a file')
    .option('--yes', 'accepted for scripts; there is nothing to ask')
    .addOption(formatOption('text', 'json'))
    .action((subject: string, { format, ...flags }: Flags) =>
      run(async () => {
        const found = await withApi(program, flags, (api) => api.call('whoHas', { query: { subject } }));
        terminal.out(
          format === 'json' ? `${JSON.stringify({ schema: 'wheelgate.who-has/1', ...found })}\n` : renderHolders(found),
        );
        return EXIT.clean;
      }),
    );
}

export function renderHolders({ subject, holders, serves, atRisk }: HoldersRecord): string {
  if (holders.length === 0) return `Nobody was served ${printable(subject)} by this gate.\n`;
  const lines = holders.flatMap(({ identity, consumer, host, run, filename, index, lastAt, times, machine }) => [
    `${lastAt.slice(0, 16)}Z  ${printable([identity, consumer && `consumer ${consumer}`, host && `from ${host}`].filter(Boolean).join(', '))}`,
    `    ${printable(filename)} of index ${printable(index)}, ${times}x, ${SAID[machine]}${run === null ? '' : `: ${printable(run)}`}`,
  ]);
  const risks = atRisk.flatMap(({ machine, variables }) => [
    `  ${SAID[machine as keyof typeof SAID] ?? machine}:`,
    `    ${variables.join(' ')}`,
  ]);
  return [
    `${printable(subject)} was served ${serves}x to:`,
    ...lines,
    '',
    'Code that ran there could read these variables, where they were set. Rotate what they held:',
    ...risks,
    '',
  ].join('\n');
}

const SAID = {
  github: 'GitHub Actions',
  gitlab: 'GitLab CI',
  'some-ci': 'a CI job',
  machine: 'a machine',
} as const;
