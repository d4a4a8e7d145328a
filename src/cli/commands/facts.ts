import type { Command } from 'commander';
import type { FactRecord } from '../../api/fact.ts';
import { type CommandContext, formatOption, withCommonFlags } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags, FactKind } from '../program.ts';

type Flags = CommonFlags & { readonly index?: string; readonly format: string; readonly reason: string };

const COMMANDS: readonly {
  readonly name: string;
  readonly kind: FactKind;
  readonly summary: string;
  readonly effect: string;
}[] = [
  {
    name: 'approve',
    kind: 'approval',
    summary: 'let a release in: approves the digests of its files as they are now',
    effect: 'installs from now on, unless it is known malware or its archive lies',
  },
  {
    name: 'deny',
    kind: 'denial',
    summary: 'keep a release, or with pkg:pypi/name a whole project, out',
    effect: 'is blocked from now on',
  },
  {
    name: 'revoke',
    kind: 'revocation',
    summary: 'withdraw something that turned out malicious: gone from pages, refused at files',
    effect: 'is gone from pages and refused from now on',
  },
];

/** `approve`, `deny` and `revoke`: recorded from the machine itself, so that nothing held is a dead end. */
export function addFacts(root: Command, { program, terminal, run }: CommandContext): void {
  for (const { name, kind, summary, effect } of COMMANDS) {
    withCommonFlags(root.command(name))
      .description(summary)
      .argument('<purl|sha256>', 'pkg:pypi/name@version, "name==version", or the sha256 of a file')
      .requiredOption('--reason <text>', 'why: it is shown to others and kept for ever')
      .option('--index <name>', 'which index (default: the one at /simple/)')
      .addOption(formatOption('text', 'json'))
      .action((subject: string, flags: Flags) =>
        run(async () => {
          const gate = await program.openGate(flags);
          try {
            const facts = await gate.recordFact(kind, subject, flags.reason, flags.index);
            terminal.out(
              flags.format === 'json'
                ? `${JSON.stringify({ schema: 'wheelgate.facts/1', facts })}\n`
                : `${facts.map((fact) => `${kind} recorded: ${describe(fact)}`).join('\n')}\nIt ${effect}; a running gate notices within seconds.\n`,
            );
            return EXIT.clean;
          } finally {
            await gate.close();
          }
        }),
      );
  }
}

function describe({ project, version, sha256 }: FactRecord): string {
  return [project, version, sha256 && `sha256:${sha256}`].filter(Boolean).join(' ');
}
