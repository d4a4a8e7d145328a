import { type CleanRun, runClean } from './run-clean.ts';

/** The command that starts Python 3 here, and what pip must not read. */
export const PYTHON = process.platform === 'win32' ? 'py' : 'python3';
export const NO_PIP_CONFIG = {
  PIP_CONFIG_FILE: process.platform === 'win32' ? 'nul' : '/dev/null',
  PYTHONNOUSERSITE: '1',
};

const DEADLINE_MS = 120_000;

/**
 * Runs the pip of this machine against one index and nothing else: no configuration, no cache, no keyring.
 * @param args behind `pip`
 * @returns undefined when there is no Python with pip here
 */
export async function runPip(args: readonly string[], indexUrl: string): Promise<CleanRun | undefined> {
  const [verb = 'help', ...rest] = args;
  const flags = ['--isolated', '--disable-pip-version-check', '--no-input', '--no-cache-dir', '--index-url', indexUrl];
  const run = await runClean(PYTHON, ['-m', 'pip', verb, ...flags, ...rest], {
    env: NO_PIP_CONFIG,
    deadlineMs: DEADLINE_MS,
  });
  return run === undefined || lacksPip(run) ? undefined : run;
}

export function lacksPip({ output }: CleanRun): boolean {
  return /No module named '?pip/.test(output);
}
