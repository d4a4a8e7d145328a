import { Command, CommanderError } from 'commander';
import { WheelgateError } from '../core/errors.ts';
import type { CommandContext } from './command-context.ts';
import { addAudit } from './commands/audit.ts';
import { addDemo } from './commands/demo.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addFacts } from './commands/facts.ts';
import { addFeeds } from './commands/feeds.ts';
import { addPolicy } from './commands/policy.ts';
import { addScan } from './commands/scan.ts';
import { addServe } from './commands/serve.ts';
import { addSetup } from './commands/setup.ts';
import { addVerifyLog } from './commands/verify-log.ts';
import { addWhy } from './commands/why.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Program } from './program.ts';
import { printable, type Terminal } from './terminal.ts';

/** Runs one command line. @param argv without node and script @returns the exit code; never calls process.exit */
export async function runCli(
  argv: readonly string[],
  program: Program,
  terminal: Terminal,
  version: string,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.clean;
  const context: CommandContext = {
    program,
    terminal,
    version,
    run: async (action) => {
      exitCode = await action();
    },
  };
  const root = buildCommands(context, version);
  try {
    await root.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
    if (!(error instanceof WheelgateError)) throw error;
    terminal.err(`wheelgate: ${printable(error.message.replace(/\.?$/, '.'))} ${printable(error.help)}\n`);
    return exitCodeOf(error);
  }
}

function buildCommands(context: CommandContext, version: string): Command {
  const { terminal } = context;
  const root = new Command('wheelgate')
    .description(
      'A package firewall for Python teams: checks, approves and serves what pip, uv, Poetry, PDM and Pipenv install.',
    )
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText(
      'after',
      `
Exit codes: 0 clean, 1 policy violation, 2 pending, 3 usage or unreadable input,
            4 feed or server unreachable, 5 nothing to check.

Start with "wheelgate demo" to see it work, "wheelgate serve" to run it.`,
    );
  for (const add of [
    addServe,
    addDemo,
    addSetup,
    addDoctor,
    addWhy,
    addScan,
    addDiff,
    addAudit,
    addFacts,
    addFeeds,
    addPolicy,
    addVerifyLog,
  ]) {
    add(root, context);
  }
  for (const command of everyCommand(root))
    command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  return root;
}

function everyCommand(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...everyCommand(child)]);
}

function exitCodeOf({ code }: WheelgateError): ExitCode {
  switch (code) {
    case 'FEED_UNREACHABLE':
    case 'UPSTREAM_FAILED':
    case 'UPSTREAM_REFUSED':
    case 'UPSTREAM_TIMEOUT':
      return EXIT.unreachable;
    case 'REVIEW_CLOSED':
    case 'REVIEW_REFUSED':
      return EXIT.violation;
    case 'NOT_FOUND':
      return EXIT.nothing;
    default:
      return EXIT.usage;
  }
}
