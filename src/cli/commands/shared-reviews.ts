import { type Command, InvalidArgumentError } from 'commander';
import type { SharedReviewsList } from '../../api/shared-reviews.ts';
import { type CommandContext, formatOption, withCommonFlags, withOpened } from '../command-context.ts';
import { EXIT } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';

/** `shared-reviews`: what other teams reviewed, and what this one did. */
export function addSharedReviews(root: Command, { program, terminal, run }: CommandContext): void {
  const shared = root
    .command('shared-reviews')
    .description('signed reviews by digest: take in those of teams you trust, publish your own');

  shared
    .command('keygen')
    .description('make a key to sign with, and print its public half')
    .argument('<file>', 'where the private half goes')
    .action((path: string) =>
      run(async () => {
        terminal.out(`${await program.makeSharingKey(path)}\n`);
        terminal.err(`${path} is the private half: keep it. The line above goes into the [[trust]] of other teams.\n`);
        return EXIT.clean;
      }),
    );

  withCommonFlags(shared.command('export'))
    .description("sign the team's approvals and revocations in force")
    .requiredOption('--publisher <name>', 'the name under which others trust you')
    .requiredOption('--key <file>', 'the private key (keygen)')
    .requiredOption('--out <file>', 'where the set goes')
    .option('--days <n>', 'how long it counts', days, 90)
    .action((flags: CommonFlags & { publisher: string; key: string; out: string; days: number }) =>
      run(() =>
        withOpened(program.openSharedReviews(flags), async (reviews) => {
          const { publisher, key, out } = flags;
          const { entries, publicKey } = await reviews.export({ publisher, days: flags.days, keyPath: key, out });
          terminal.err(`${entries} reviews in ${out}, signed with ${publicKey}\n`);
          return EXIT.clean;
        }),
      ),
    );

  withCommonFlags(shared.command('import'))
    .description('take in the set of a publisher that [[trust]] names')
    .argument('<file|url>', 'a signed set')
    .action((location: string, flags: CommonFlags) =>
      run(() =>
        withOpened(program.openSharedReviews(flags), async (reviews) => {
          const { publisher, entries, isNew } = await reviews.import(location);
          terminal.err(
            isNew
              ? `${entries} reviews of ${publisher}\n`
              : `The set of ${publisher} that is here is as new as that one.\n`,
          );
          return EXIT.clean;
        }),
      ),
    );

  withCommonFlags(shared.command('list'))
    .description('whose reviews count, and until when')
    .addOption(formatOption('text', 'json'))
    .action((flags: CommonFlags & { format: string }) =>
      run(() =>
        withOpened(program.openSharedReviews(flags), async (reviews) => {
          const list = await reviews.list();
          terminal.out(flags.format === 'json' ? `${JSON.stringify(list)}\n` : describe(list));
          if (list.publishers.length === 0) terminal.err('wheelgate.toml has no [[trust]].\n');
          return list.publishers.length === 0 ? EXIT.nothing : EXIT.clean;
        }),
      ),
    );
}

function describe({ publishers }: SharedReviewsList): string {
  const lines = publishers.map(({ name, trustedUntil, set }) => {
    const trust = `${name}: trusted until ${trustedUntil.slice(0, 10)}`;
    if (set === null) return `${trust}, no set here`;
    return `${trust}, set of ${set.issued.slice(0, 10)} until ${set.expires.slice(0, 10)}: ${set.entries} files, ${set.violations} of them warnings`;
  });
  return lines.map((line) => `${line}\n`).join('');
}

function days(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 366) return value;
  throw new InvalidArgumentError('Give a whole number from 1 to 366.');
}
