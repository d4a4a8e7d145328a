import type { Command } from 'commander';
import type { Release } from '../../api/release.ts';
import { parseReleaseName } from '../../core/python/release-name.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

type Flags = CommonFlags & { readonly index?: string; readonly format: string };

export function addWhy(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('why'))
    .description('say what the gate thinks of a release and why')
    .argument('<purl>', 'pkg:pypi/name@version, or pkg:pypi/name for the newest files; "name==version" works too')
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .addOption(formatOption('text', 'json'))
    .action((subject: string, flags: Flags) =>
      run(async () => {
        const { project, version } = parseReleaseName(subject);
        const query = { ...(flags.index !== undefined && { index: flags.index }) };
        const release = await withApi(program, flags, (api) =>
          version === undefined
            ? api.call('readProject', { params: { project }, query })
            : api.call('readRelease', { params: { project, version }, query }),
        );
        terminal.out(flags.format === 'json' ? `${JSON.stringify(release)}\n` : renderText(release));
        return exitCodeOf(release);
      }),
    );
}

function exitCodeOf({ files }: Release): ExitCode {
  if (files.length === 0) return EXIT.nothing;
  if (files.some(({ verdict }) => verdict === 'block')) return EXIT.violation;
  return files.some(({ verdict }) => verdict === 'hold') ? EXIT.pending : EXIT.clean;
}

function renderText(release: Release): string {
  const subject = `${release.project}${release.version === null ? '' : ` ${release.version}`}`;
  if (release.state !== 'found') {
    return release.state === 'absent'
      ? `${subject}: no upstream of this index has it.\n`
      : `${subject}: the name is reserved for the team and no private upstream has it.\n`;
  }
  const lines = release.files.flatMap(({ filename, verdict, inspected, reasons }) => [
    `${verdict.toUpperCase().padEnd(6)} ${printable(filename)}${inspected ? '' : '  (not inspected yet)'}`,
    ...reasons.map(({ rule, effect, message }) => `       ${effect}  ${rule}: ${printable(message)}`),
  ]);
  return `${[
    `${subject}, from ${release.upstream}`,
    ...(lines.length > 0 ? lines : ['no such release upstream']),
    `installs now: ${release.offered.join(', ') || 'nothing'}`,
    `policy ${release.policyRevision}, advisory data of ${release.advisoriesAsOf?.slice(0, 10) ?? 'nowhere: there is none'}`,
  ].join('\n')}\n`;
}
