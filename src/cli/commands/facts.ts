import type { Command } from 'commander';
import type { HoldersRecord } from '../../api/emergency.ts';
import type { FactRecord } from '../../api/fact.ts';
import type { GateApi } from '../../api/gate-api.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { printable } from '../terminal.ts';
import { renderHolders } from './who-has.ts';

type Flags = CommonFlags & {
  readonly index?: string;
  readonly format: string;
  readonly reason: string;
  readonly yes?: true;
};
type Body = { readonly index?: string; readonly subject: string; readonly reason: string };
type Recorded = { readonly facts: readonly FactRecord[]; readonly holders?: HoldersRecord | null };

const COMMANDS: readonly {
  readonly name: string;
  readonly summary: string;
  readonly effect: string;
  readonly ask?: string;
  readonly record: (api: GateApi, body: Body) => Promise<Recorded>;
}[] = [
  {
    name: 'approve',
    summary: 'let a release in: approves the digests of its files as they are now',
    effect: 'installs from now on, unless it is known malware or its archive lies',
    record: (api, body) => api.call('approve', { body }),
  },
  {
    name: 'deny',
    summary: 'keep a release, or with pkg:pypi/name a whole project, out',
    effect: 'is blocked from now on',
    record: (api, body) => api.call('deny', { body }),
  },
  {
    name: 'revoke',
    summary: 'withdraw something that turned out malicious: gone from pages, refused at files; says who has it',
    effect: 'is gone from pages and refused from now on',
    ask: 'Withdraw it for everybody?',
    record: (api, body) => api.call('revoke', { body }),
  },
];

/** `approve`, `deny` and `revoke`: decisions past the rules, so that nothing held is a dead end. */
export function addFacts(root: Command, { program, terminal, run }: CommandContext): void {
  for (const { name, summary, effect, ask, record } of COMMANDS) {
    const command = withCommonFlags(root.command(name))
      .description(summary)
      .argument('<purl|sha256>', 'pkg:pypi/name@version, "name==version", or the sha256 of a file')
      .requiredOption('--reason <text>', 'why: it is shown to others and kept for ever')
      .option('--index <name>', 'which index (default: the one at /simple/)')
      .option('--yes', 'do not ask')
      .addOption(formatOption('text', 'json'));
    command.action((subject: string, { index, format, reason, yes, ...flags }: Flags) =>
      run(async () => {
        // Scripts from before there was a question pass: nobody is at their terminal.
        if (ask !== undefined && yes !== true && terminal.isInteractive && !(await confirm(terminal, ask)))
          return EXIT.pending;
        const body = { subject, reason, ...(index !== undefined && { index }) };
        const recorded = await withApi(program, flags, (api) => record(api, body));
        if (format === 'json') terminal.out(`${JSON.stringify({ schema: 'wheelgate.facts/1', ...recorded })}\n`);
        else terminal.out(renderText(recorded, effect));
        return recorded.facts.length > 0 ? EXIT.clean : EXIT.pending;
      }),
    );
  }
}

function renderText({ facts, holders }: Recorded, effect: string): string {
  if (facts.length === 0) return 'Noted. Another person has to approve it too: `wheelgate review list`.\n';
  const lines = [
    ...facts.map((fact) => `${fact.kind} recorded: ${describe(fact)}`),
    `It ${effect}; a running gate notices within seconds.`,
  ];
  return `${lines.join('\n')}\n${holders ? renderHolders(holders) : ''}`;
}

function describe({ project, version, sha256 }: FactRecord): string {
  return printable([project, version, sha256 && `sha256:${sha256}`].filter(Boolean).join(' '));
}
