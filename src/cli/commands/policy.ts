import type { Command } from 'commander';
import type { PolicyReplay, PolicyTest } from '../../api/policy.ts';
import { parseDurationMs } from '../../core/duration.ts';
import { type CommandContext, formatOption, withCommonFlags } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';

export function addPolicy(root: Command, { program, terminal, run }: CommandContext): void {
  const policy = root.command('policy').description('the rules in force: check, test and replay a policy file');
  const print = (format: string, value: unknown, text: () => string) =>
    terminal.out(format === 'json' ? `${JSON.stringify(value)}\n` : text());

  policy
    .command('check')
    .description('read a policy file and show what it means, or what is wrong with it')
    .argument('<file>', 'policy.toml')
    .addOption(formatOption('text', 'json'))
    .action((path: string, { format }: { format: string }) =>
      run(async () => {
        const report = await program.checkPolicy(path);
        print(format, report, () => {
          const rows = report.rules.map(
            ({ id, effect, summary, settings }) =>
              `  ${id.padEnd(17)} ${effect.padEnd(6)} ${summary}${settings ? `\n${' '.repeat(26)}${printable(settings)}` : ''}`,
          );
          return `${path} is valid: preset "${report.preset}", revision ${report.revision}${report.denied === 0 ? '' : `, deny list of ${report.denied} entries`}\n${rows.join('\n')}\n`;
        });
        return EXIT.clean;
      }),
    );

  policy
    .command('test')
    .description('decide the [[fixtures]] of a policy file and compare with what they expect')
    .argument('<file>', 'policy.toml')
    .addOption(formatOption('text', 'json'))
    .action((path: string, { format }: { format: string }) =>
      run(async () => {
        const test = await program.testPolicy(path);
        if (test.fixtures.length === 0) terminal.err(`${path} has no [[fixtures]]: docs/policy.md shows one.\n`);
        print(format, test, () => describeTest(test));
        if (test.fixtures.length === 0) return EXIT.nothing;
        return test.fixtures.some(({ problem }) => problem !== null) ? EXIT.violation : EXIT.clean;
      }),
    );

  withCommonFlags(policy.command('replay'))
    .description(
      'decide every file that was requested here by another policy: what it would have held, and for how long',
    )
    .argument('<file>', 'policy.toml')
    .option('--since <duration>', 'only what was first requested within it, such as 90d (default: all)')
    .addOption(formatOption('text', 'json'))
    .action((path: string, flags: CommonFlags & { format: string; since?: string }) =>
      run(async () => {
        const since = new Date(flags.since === undefined ? 0 : Date.now() - parseDurationMs(flags.since));
        const replay = await program.replayPolicy(flags, path, since);
        if (replay.requests === 0) terminal.err('No request for a file is on record here.\n');
        print(flags.format, replay, () => describeReplay(replay));
        return replay.requests === 0 ? EXIT.nothing : EXIT.clean;
      }),
    );
}

function describeTest({ fixtures }: PolicyTest): string {
  const failed = fixtures.filter(({ problem }) => problem !== null);
  const lines = fixtures.flatMap(({ name, verdict, reasons, problem }) => [
    `${problem === null ? 'ok  ' : 'FAIL'} ${printable(name)}${problem === null ? '' : `: ${problem}`}`,
    ...(problem === null
      ? []
      : reasons.map(({ rule, effect, message }) => `       ${verdict}: ${rule} (${effect}): ${printable(message)}`)),
  ]);
  return `${lines.map((line) => `${line}\n`).join('')}${fixtures.length} fixtures, ${failed.length} failed\n`;
}

const MAX_SHOWN = 50;

function describeReplay({
  requests,
  unknown,
  allowed,
  held,
  blocked,
  attended,
  byRule,
  withheld,
}: PolicyReplay): string {
  if (requests === 0) return '';
  const share = ((requests - attended) / requests) * 100;
  const lines = [
    `${requests} files were requested: ${allowed} allowed, ${held} held, ${blocked} blocked.`,
    `${share.toFixed(1)} % need nobody; ${attended} need a person.`,
    ...(unknown > 0 ? [`${unknown} more are not known any more.`] : []),
    ...byRule.map(
      ({ rule, holds, attended: people, medianHours, longestHours }) =>
        `  ${rule.padEnd(17)} ${holds} held, ${people} for a person${
          medianHours === null
            ? ''
            : `, waiting ${hours(medianHours)} h in the middle, ${hours(longestHours!)} h at most`
        }`,
    ),
    ...withheld.slice(0, MAX_SHOWN).map(({ at, filename, verdict, hours: wait, reasons, was }) => {
      const [first] = reasons;
      const until = verdict === 'block' ? 'refused' : wait === null ? 'a person' : `${hours(wait)} h`;
      return `${at.slice(0, 10)} ${printable(filename)} (${was} then): ${verdict}, ${until}: ${first?.rule}: ${printable(first?.message ?? '')}`;
    }),
    ...(withheld.length > MAX_SHOWN ? [`and ${withheld.length - MAX_SHOWN} more: --format json has all.`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function hours(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
