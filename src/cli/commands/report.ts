import type { Command } from 'commander';
import type { MalwareReport } from '../../api/malware-report.ts';
import { WheelgateError } from '../../core/errors.ts';
import { parseReleaseName } from '../../core/python/release-name.ts';
import { type CommandContext, formatOption, withCommonFlags, withOpened } from '../command-context.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

type Flags = CommonFlags & {
  readonly reason: string;
  readonly reporter?: string;
  readonly index?: string;
  readonly out?: string;
  readonly send?: true;
  readonly yes?: true;
  readonly format: string;
};

/** `report`: tells the public index and the public malware database of a malicious release; nothing leaves without a yes. */
export function addReport(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('report'))
    .description(
      'assemble the evidence about a malicious release: for PyPI, and as a draft for the public malware database',
    )
    .argument('<purl>', 'pkg:pypi/name@version, or "name==version"')
    .requiredOption('--reason <text>', 'what it does and how you noticed: the first thing that others read')
    .option('--reporter <name>', 'who is to be credited in the public database (default: nobody)')
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .option('--out <folder>', 'write the bundle there: report.md, observation.json and the OSV draft')
    .option('--send', 'send the observation to PyPI with WHEELGATE_REPORT_TOKEN, after asking')
    .option('--yes', 'do not ask: you have read what is sent')
    .addOption(formatOption('text', 'json'))
    .action((subject: string, flags: Flags) =>
      run(async () => {
        const { project, version } = parseReleaseName(subject);
        if (version === undefined) {
          throw new WheelgateError('USAGE', `${subject} names no release`, 'Report one: pkg:pypi/name@version.');
        }
        return withOpened(program.openReporter(flags), async (reporter) => {
          const { reason, index } = flags;
          const report = await reporter.assemble({
            project,
            version,
            reason,
            ...(index !== undefined && { index }),
            ...(flags.reporter !== undefined && { reporter: flags.reporter }),
          });
          terminal.out(flags.format === 'json' ? `${JSON.stringify(report)}\n` : describe(report));
          if (flags.out !== undefined) {
            for (const path of await reporter.write(report, flags.out)) terminal.err(`wrote ${path}\n`);
          }
          if (flags.send) {
            if (!flags.yes && !(await confirm(terminal, `Send this observation to ${report.destination}?`))) {
              terminal.err('Nothing was sent.\n');
              return EXIT.pending;
            }
            await reporter.send(report);
            terminal.err('The observation was sent. Revoke the release here too: wheelgate revoke.\n');
          }
          return EXIT.clean;
        });
      }),
    );
}

function describe({ description, observation, destination }: MalwareReport): string {
  const lines = description.split('\n').map(printable).join('\n');
  return `${lines}\nTo PyPI (${destination}):\n${printable(JSON.stringify(observation))}\n`;
}
