import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { WheelgateError } from '../../core/errors.ts';
import { LOCK_FORMATS, type LockFormat, lockFormatOf } from '../../core/lock/lock-document.ts';
import { type CommandContext, withCommonFlags, withOpened } from '../command-context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Locker, LockRun } from '../locker.ts';
import type { CommonFlags } from '../program.ts';
import { renderLockChecks } from '../render-lock-check.ts';
import { exitCodeOfOutcome, renderOutcome } from '../render-lock-outcome.ts';
import { printable, progressLine, type Terminal } from '../terminal.ts';

type Flags = CommonFlags & {
  readonly output?: string;
  readonly check?: boolean;
  readonly strict?: boolean;
  readonly format?: string;
  readonly hashes: boolean;
  readonly extra: readonly string[];
  readonly group: readonly string[];
  readonly python?: string;
  readonly platform?: string;
  readonly universal?: boolean;
  readonly upgrade?: boolean;
  readonly upgradePackage: readonly string[];
  readonly resolver?: 'uv' | 'pip';
  readonly allowBuilds?: boolean;
  readonly leaveOut?: boolean;
  readonly index?: string;
};

const collect = (value: string, all: readonly string[]) => [...all, value];

export function addLock(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('lock'))
    .description('lock requirements to the files that the gate lets in, or check such a lock')
    .argument('[files...]', 'requirements.in, requirements.txt, pyproject.toml; with --check: locks')
    .option('-o, --output <file>', 'where to write; its pins are kept where they fit (default: standard output)')
    .option('--check', 'check locks: exact, complete, and nothing in them but files that the gate lets in now')
    .option('--strict', 'with --check: a file that was not inspected yet makes the exit code 2')
    .addOption(
      new Option(
        '--format <format>',
        'of the lock (default: by the name of the output); with --check: text or json',
      ).choices([...LOCK_FORMATS, 'text', 'json']),
    )
    .option('--no-hashes', 'leave out hashes: pip before 26.1 wants none in constraints')
    .option('--extra <name>', 'an extra of pyproject.toml; may be repeated', collect, [])
    .option('--group <name>', 'a dependency group of pyproject.toml; may be repeated', collect, [])
    .option('--python <version>', 'lock for this Python, such as 3.12 (default: the one of this machine)')
    .option('--platform <platform>', 'lock for linux, macos, windows, linux-x86_64 (default: this machine; wants uv)')
    .option('--universal', 'lock for every platform, with markers (wants uv)')
    .option('-U, --upgrade', 'choose everything anew')
    .option('-P, --upgrade-package <name>', 'choose this project anew; may be repeated', collect, [])
    .addOption(
      new Option('--resolver <name>', 'who chooses the releases (default: uv, else pip)').choices(['uv', 'pip']),
    )
    .option('--allow-builds', 'let releases without a wheel be built on this machine, which runs their code')
    .option('--leave-out', 'leave out URLs, repositories and paths, which no index serves')
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .action((files: string[], flags: Flags, command: Command) =>
      run(async () => {
        const format = checkFlags(files, flags);
        return withOpened(program.openLocker(flags, flags.index, flags.check ? 'check' : 'lock'), async (locker) => {
          if (flags.check) return await checkAll(locker, files, flags, terminal);
          return await writeLock(locker, lockRun(files, flags, format, command), flags.output, terminal);
        });
      }),
    );
}

/** @throws {WheelgateError} USAGE @returns the format of the lock */
function checkFlags(files: readonly string[], { check, output, format }: Flags): LockFormat {
  if (files.length === 0) {
    throw usage(
      check ? 'no lock is named' : 'nothing to lock is named',
      'Write `wheelgate lock requirements.in -o requirements.txt`, or `wheelgate lock --check requirements.txt`.',
    );
  }
  if (check && output !== undefined) throw usage('--check writes nothing', 'Leave -o out.');
  const isLockFormat = LOCK_FORMATS.some((known) => known === format);
  if (format !== undefined && isLockFormat === (check === true)) {
    throw usage(
      `--format ${format} goes ${check ? 'without' : 'with'} --check`,
      check ? 'Reports are text or json.' : `A lock is one of ${LOCK_FORMATS.join(', ')}.`,
    );
  }
  if (output !== undefined && !existsSync(dirname(output))) {
    throw usage(`there is no folder ${dirname(output)}`, 'Make it, or write elsewhere.');
  }
  if (output !== undefined && files.includes(output)) {
    throw usage('the lock would overwrite what it is made from', 'Keep what you ask for in requirements.in.');
  }
  return isLockFormat ? (format as LockFormat) : lockFormatOf(output ?? 'requirements.txt');
}

function lockRun(files: readonly string[], flags: Flags, format: LockFormat, command: Command): LockRun {
  return {
    inputs: files,
    output: flags.output,
    format,
    hashes: flags.hashes,
    command: commandLine(files, command),
    extras: flags.extra,
    groups: flags.group,
    python: flags.python,
    platform: flags.platform,
    isUniversal: flags.universal === true,
    upgrade: flags.upgrade ? 'all' : flags.upgradePackage,
    resolver: flags.resolver,
    builds: flags.allowBuilds === true,
    leaveOut: flags.leaveOut === true,
  };
}

async function writeLock(
  locker: Locker,
  lockRun: LockRun,
  output: string | undefined,
  terminal: Terminal,
): Promise<ExitCode> {
  const progress = progressLine(terminal);
  progress.show('asking the resolver and the gate, which inspects what it meets for the first time');
  const { outcome, text } = await locker.lock(lockRun).finally(progress.clear);
  terminal.err(renderOutcome(outcome));
  if (text === undefined) return exitCodeOfOutcome(outcome);
  if (output === undefined) terminal.out(text);
  else {
    const isSame = existsSync(output) && readFileSync(output, 'utf8') === text;
    if (!isSame) replaceFile(output, text);
    terminal.err(`${printable(output)}: ${isSame ? 'nothing changed' : 'written'}\n`);
  }
  return EXIT.clean;
}

async function checkAll(
  locker: Locker,
  files: readonly string[],
  { python, platform, strict, format }: Flags,
  terminal: Terminal,
): Promise<ExitCode> {
  const checks = [];
  for (const file of files) checks.push(await locker.check({ file, python, platform, isStrict: strict === true }));
  terminal.out(renderLockChecks(checks, format === 'json' ? 'json' : 'text'));
  const problems = checks.flatMap((one) => one.problems);
  if (problems.some(({ effect }) => effect === 'violation')) return EXIT.violation;
  if (checks.some(({ errors }) => errors.length > 0)) return EXIT.usage;
  if (problems.some(({ effect }) => effect === 'pending')) return EXIT.pending;
  return checks.every(({ pins }) => pins === 0) ? EXIT.nothing : EXIT.clean;
}

/** Options that make the same lock again; what only says which pins move is left out, as is where this gate is. */
const KEPT_OPTIONS = [
  'format',
  'hashes',
  'extra',
  'group',
  'python',
  'platform',
  'universal',
  'resolver',
  'allowBuilds',
  'leaveOut',
  'index',
  'output',
];

function commandLine(files: readonly string[], command: Command): string {
  const words = ['wheelgate', 'lock', ...files];
  for (const option of command.options) {
    const name = option.attributeName();
    const isKept = KEPT_OPTIONS.includes(name);
    if (!isKept || command.getOptionValueSource(name) !== 'cli') continue;
    const value: unknown = command.getOptionValue(name);
    const flag = option.short ?? option.long ?? '';
    if (typeof value === 'boolean') words.push(flag);
    else for (const one of Array.isArray(value) ? value : [value]) words.push(flag, String(one));
  }
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** Whole or not at all: nobody shall install from half a lock. */
function replaceFile(path: string, text: string): void {
  const partial = `${path}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (error) {
    throw new WheelgateError('USAGE', `${path} cannot be written`, 'Check the folder and its permissions.', error);
  }
}

function usage(message: string, help: string): WheelgateError {
  return new WheelgateError('USAGE', message, help);
}
