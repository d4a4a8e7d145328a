import type { Command } from 'commander';
import type { ExemptionRecord } from '../../api/exemption.ts';
import { WheelgateError } from '../../core/errors.ts';
import { parseReleaseName } from '../../core/python/release-name.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

type Flags = CommonFlags & { readonly format: string; readonly yes?: true };
type AddFlags = Flags & {
  readonly rule: string;
  readonly versions?: string;
  readonly sha256?: string;
  readonly index?: string;
  readonly for?: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly remediation: string;
  readonly expires: string;
};
type BreakGlassFlags = Flags & {
  readonly index?: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly expires: string;
};

/** `exempt add|list|remove|break-glass`. */
export function addExempt(root: Command, context: CommandContext): void {
  const exempt = root.command('exempt').description('accept an exception to one rule, for a time');
  addAdd(exempt, context);
  addList(exempt, context);
  addRemove(exempt, context);
  addBreakGlass(exempt, context);
}

function addAdd(exempt: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(exempt.command('add'))
    .description('exempt a project, or some of it, from one rule; never from those that find malware')
    .argument('<purl>', 'pkg:pypi/name, or pkg:pypi/name@version for one release')
    .requiredOption('--rule <rule>', 'the one rule, such as cooldown')
    .requiredOption('--owner <name>', 'who answers for it')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--remediation <text>', 'what will make it unnecessary')
    .option('--versions <range>', 'PEP 440 specifiers, such as ">=2,<3" (default: every release)')
    .option('--sha256 <digest>', 'one file')
    .option('--index <name>', 'one index (default: all)')
    .option('--for <consumer>', 'one consumer, token:<name> or ci:<provider>:<project> (default: everybody)')
    .option('--ticket <id>', 'where the remediation is tracked')
    .option('--expires <time>', 'how long it holds, at most 180d', '30d')
    .option('--yes', 'accepted for scripts; there is nothing to ask')
    .addOption(formatOption('text', 'json'))
    .action(
      (
        subject: string,
        {
          format,
          rule,
          owner,
          reason,
          remediation,
          versions,
          sha256,
          index,
          for: consumer,
          ticket,
          expires,
          ...flags
        }: AddFlags,
      ) =>
        run(async () => {
          const { project, version } = parseReleaseName(subject);
          if (version !== undefined && versions !== undefined)
            throw new WheelgateError(
              'USAGE',
              'one of the two says which releases',
              'Leave out --versions, or the version.',
            );
          const range = versions ?? (version === undefined ? undefined : `==${version}`);
          const body = {
            rule,
            project,
            owner,
            reason,
            remediation,
            expires,
            ...(range !== undefined && { versions: range }),
            ...(sha256 !== undefined && { sha256 }),
            ...(index !== undefined && { index }),
            ...(consumer !== undefined && { consumer }),
            ...(ticket !== undefined && { ticket }),
          };
          const made = await withApi(program, flags, (api) => api.call('addExemption', { body }));
          terminal.out(format === 'json' ? json(made) : `${describe(made)}\n`);
          return EXIT.clean;
        }),
    );
}

function addList(exempt: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(exempt.command('list'))
    .description('list exemptions that hold; --all shows those that ended too')
    .option('--all', 'those that ended too')
    .addOption(formatOption('text', 'json'))
    .action(({ format, all, ...flags }: Flags & { readonly all?: true }) =>
      run(async () => {
        const answer = await withApi(program, flags, (api) => api.call('listExemptions', {}));
        const exemptions = answer.exemptions.filter(({ state }) => all === true || state === 'in-force');
        if (format === 'json') terminal.out(`${JSON.stringify({ schema: 'wheelgate.exemptions/1', exemptions })}\n`);
        else if (exemptions.length === 0) terminal.err('There are no exemptions.\n');
        else terminal.out(`${exemptions.map(describe).join('\n')}\n`);
        return EXIT.clean;
      }),
    );
}

function addRemove(exempt: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(exempt.command('remove'))
    .description('end an exemption before its time')
    .argument('<id>')
    .option('--reason <text>', 'why', 'not needed any more')
    .option('--yes', 'accepted for scripts; there is nothing to ask')
    .addOption(formatOption('text', 'json'))
    .action((id: string, { format, reason, ...flags }: Flags & { readonly reason: string }) =>
      run(async () => {
        const ended = await withApi(program, flags, (api) =>
          api.call('endExemption', { params: { id }, query: { reason } }),
        );
        terminal.out(format === 'json' ? json(ended) : `${describe(ended)}\n`);
        return EXIT.clean;
      }),
    );
}

function addBreakGlass(exempt: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(exempt.command('break-glass'))
    .description(
      'let one file in for a day at most, past every rule but malware; somebody else reviews it the next day',
    )
    .argument('<sha256>', 'of a file that was refused here')
    .requiredOption('--reason <text>', 'what burns')
    .option('--ticket <id>', 'of the incident')
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .option('--expires <time>', 'how long it holds, at most 24h', '24h')
    .option('--yes', 'do not ask')
    .addOption(formatOption('text', 'json'))
    .action((sha256: string, { format, index, reason, ticket, expires, yes, ...flags }: BreakGlassFlags) =>
      run(async () => {
        const question = 'Let it in past the rules? The audit log and a review say who did.';
        if (yes !== true && !(await confirm(terminal, question))) return EXIT.pending;
        const body = {
          sha256: sha256.replace(/^sha256:/, '').toLowerCase(),
          reason,
          expires,
          ...(index !== undefined && { index }),
          ...(ticket !== undefined && { ticket }),
        };
        const made = await withApi(program, flags, (api) => api.call('breakGlass', { body }));
        terminal.out(format === 'json' ? json(made) : `${describe(made)}\n`);
        return EXIT.clean;
      }),
    );
}

function json(exemption: ExemptionRecord): string {
  return `${JSON.stringify({ schema: 'wheelgate.exemption/1', ...exemption })}\n`;
}

function describe(one: ExemptionRecord): string {
  const { id, kind, state, rule, project, versions, sha256, index, consumer, owner, expiresAt, ended, reason } = one;
  return [
    id,
    state,
    kind === 'rule' ? `from ${rule}` : 'break-glass',
    printable([project, versions ?? (sha256 && `sha256:${sha256}`)].filter(Boolean).join(' ')),
    index === null ? 'on every index' : `on ${printable(index)}`,
    ...(consumer === null ? [] : [`for ${printable(consumer)}`]),
    `owner ${printable(owner)}`,
    ended === null ? `until ${expiresAt.slice(0, 16)}Z` : `ended ${ended.at.slice(0, 16)}Z: ${printable(ended.why)}`,
    printable(reason),
  ].join('  ');
}
