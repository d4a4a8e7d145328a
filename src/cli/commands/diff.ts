import type { Command } from 'commander';
import type { DiffReport } from '../../api/diff.ts';
import { type CommandContext, formatOption, withCommonFlags, withOpened } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

type Flags = CommonFlags & { readonly format: string; readonly index?: string; readonly advisories: boolean };

export function addDiff(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('diff'))
    .description('say what a new release can do that an old one could not, without running anything of them')
    .argument('<old>', 'a wheel or sdist, or pkg:pypi/name@version (name==version works too)')
    .argument('<new>', 'the same')
    .option('--index <name>', 'where releases are looked up (default: the index at /simple/)')
    .option('--no-advisories', 'judge by the difference in behaviour alone')
    .addOption(formatOption('text', 'json'))
    .action((oldInput: string, newInput: string, flags: Flags) =>
      run(async () => {
        return withOpened(
          program.openDiffer(flags, {
            advisories: flags.advisories,
            ...(flags.index !== undefined && { index: flags.index }),
          }),
          async (differ) => {
            const report = await differ.diff(oldInput, newInput);
            terminal.out(flags.format === 'json' ? `${JSON.stringify(report)}\n` : renderText(report));
            return EXIT_OF[report.verdict];
          },
        );
      }),
    );
}

const EXIT_OF: Readonly<Record<DiffReport['verdict'], ExitCode>> = {
  allow: EXIT.clean,
  hold: EXIT.pending,
  block: EXIT.violation,
};
const SIGN = { added: 'A', removed: 'D', changed: 'M' } as const;
/** More would hide the verdict; JSON has them all. */
const MAX_FILES = 40;

function renderText(report: DiffReport): string {
  const { old, new: fresh, verdict, score, gained, lost, changed, findings } = report;
  const capability = (sign: string) => (each: DiffReport['gained'][number]) =>
    printable(`       ${sign} ${each.capability}@${each.context}  ${each.file}:${each.line}`);
  const lines = [
    printable(`${verdict.toUpperCase().padEnd(6)} ${old.filename} -> ${fresh.filename}  score ${score.toFixed(3)}`),
    ...findings.map(({ rule, effect, message, file, line, context }) => {
      const place = file === null ? '' : `  ${file}${line === null ? '' : `:${line}`}`;
      return printable(`       ${effect}  ${rule}: ${message}${place}${context === null ? '' : `  ${context}`}`);
    }),
    ...gained.map(capability('+')),
    ...lost.map(capability('-')),
    ...changed.slice(0, MAX_FILES).map(({ file, change }) => printable(`       ${SIGN[change]} ${file}`)),
    ...(changed.length > MAX_FILES ? [`       and ${changed.length - MAX_FILES} more files`] : []),
    `${gained.length} gained, ${lost.length} lost, ${changed.length} files differ`,
  ];
  return `${lines.join('\n')}\n`;
}
