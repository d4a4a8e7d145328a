import { type Command, Option } from 'commander';
import type { GateApi } from '../api/gate-api.ts';
import type { ExitCode } from './exit-code.ts';
import type { CommonFlags, Program } from './program.ts';
import type { Terminal } from './terminal.ts';

/** What every command is built with. `run` wraps an action: its result becomes the exit code. */
export type CommandContext = {
  readonly program: Program;
  readonly terminal: Terminal;
  /** Of Wheelgate. */
  readonly version: string;
  run(action: () => Promise<ExitCode>): Promise<void>;
};

/** Adds the options of a command that reads files of this machine: no policy and no upstream has a say in it. */
export function withLocalFlags(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: wheelgate.toml, when it is there)')
    .option('--data <folder>', 'data folder (default: ./wheelgate-data)');
}

/** Adds the options that name configuration, data folder, policy and upstream. */
export function withCommonFlags(command: Command): Command {
  return withLocalFlags(command)
    .option('--policy <file>', 'policy file (default: preset "balanced")')
    .option('--upstream <url>', 'root of the simple index to read (default: what pip is configured with, else PyPI)');
}

export function formatOption(...formats: readonly string[]): Option {
  return new Option('--format <format>', 'how to print the result').choices(formats).default(formats[0]);
}

/** Opens the gate that the flags and the environment name, over HTTP or on this machine, for one use. */
export async function withApi<T>(program: Program, flags: CommonFlags, use: (api: GateApi) => Promise<T>): Promise<T> {
  return withOpened(program.openApi(flags), use);
}

/** Uses what was opened, and closes it however that ends. */
export async function withOpened<Opened extends { close(): Promise<void> }, T>(
  opening: Promise<Opened>,
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const opened = await opening;
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}
