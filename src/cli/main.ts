import { Command, CommanderError } from 'commander';
import { WheelgateError } from '../core/errors.ts';
import type { CommandContext } from './command-context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Program } from './program.ts';
import { printable, type Terminal } from './terminal.ts';

/** Adds a command to the root. */
type AddCommand = (root: Command, context: CommandContext) => void;

/** In the order of `--help`; a name that stands twice is one module. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  serve: async () => (await import('./commands/serve.ts')).addServe,
  demo: async () => (await import('./commands/demo.ts')).addDemo,
  setup: async () => (await import('./commands/setup.ts')).addSetup,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  why: async () => (await import('./commands/why.ts')).addWhy,
  scan: async () => (await import('./commands/scan.ts')).addScan,
  diff: async () => (await import('./commands/diff.ts')).addDiff,
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  lock: async () => (await import('./commands/lock.ts')).addLock,
  adopt: async () => (await import('./commands/adopt.ts')).addAdopt,
  approve: addFacts,
  deny: addFacts,
  revoke: addFacts,
  request: addReview,
  review: addReview,
  exempt: async () => (await import('./commands/exempt.ts')).addExempt,
  'who-has': async () => (await import('./commands/who-has.ts')).addWhoHas,
  drill: async () => (await import('./commands/drill.ts')).addDrill,
  'kill-switch': async () => (await import('./commands/kill-switch.ts')).addKillSwitch,
  token: async () => (await import('./commands/token.ts')).addToken,
  whoami: async () => (await import('./commands/whoami.ts')).addWhoami,
  user: async () => (await import('./commands/user.ts')).addUser,
  feeds: async () => (await import('./commands/feeds.ts')).addFeeds,
  'shared-reviews': async () => (await import('./commands/shared-reviews.ts')).addSharedReviews,
  notify: async () => (await import('./commands/notify.ts')).addNotify,
  report: async () => (await import('./commands/report.ts')).addReport,
  policy: async () => (await import('./commands/policy.ts')).addPolicy,
  'verify-log': async () => (await import('./commands/verify-log.ts')).addVerifyLog,
};

async function addFacts(): Promise<AddCommand> {
  return (await import('./commands/facts.ts')).addFacts;
}

async function addReview(): Promise<AddCommand> {
  return (await import('./commands/review.ts')).addReview;
}

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
  const root = await buildCommands(context, version, argv[0]);
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

/** Only the command that is asked for is loaded; help, and the suggestion after a typing error, need them all. */
async function buildCommands(context: CommandContext, version: string, asked: string | undefined): Promise<Command> {
  const { terminal } = context;
  const own = Object.hasOwn(COMMANDS, asked ?? '') ? COMMANDS[asked!] : undefined;
  const loaders = own === undefined ? Object.values(COMMANDS) : [own];
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
  for (const add of new Set(await Promise.all(loaders.map((load) => load())))) add(root, context);
  for (const command of everyCommand(root))
    command.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  return root;
}

function everyCommand(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...everyCommand(child)]);
}

function exitCodeOf({ code }: WheelgateError): ExitCode {
  switch (code) {
    case 'REPORT_REFUSED':
      return EXIT.violation;
    case 'FEED_UNREACHABLE':
    case 'REPORT_UNSENT':
    case 'SERVER_FAILED':
    case 'SERVER_UNREACHABLE':
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
