import { spawn } from 'node:child_process';

export type PipRun = {
  readonly exitCode: number;
  /** stdout and stderr as they came. */
  readonly output: string;
};

/** Nothing but what pip needs to start: no tokens, no index settings, no proxies of whoever runs this. */
const KEPT_VARIABLES = ['PATH', 'HOME', 'SYSTEMROOT', 'TEMP', 'TMPDIR', 'LANG'];
const DEADLINE_MS = 120_000;

/**
 * Runs the pip of this machine against one index and nothing else: no configuration, no cache, no keyring.
 * @param args behind `pip`
 * @returns undefined when there is no Python with pip here
 */
export async function runPip(args: readonly string[], indexUrl: string): Promise<PipRun | undefined> {
  const command = process.platform === 'win32' ? 'py' : 'python3';
  const [verb = 'help', ...rest] = args;
  const flags = ['--isolated', '--disable-pip-version-check', '--no-input', '--no-cache-dir', '--index-url', indexUrl];
  return run(command, ['-m', 'pip', verb, ...flags, ...rest]);
}

function run(command: string, args: readonly string[]): Promise<PipRun | undefined> {
  const env = Object.fromEntries(
    KEPT_VARIABLES.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...env, PIP_CONFIG_FILE: process.platform === 'win32' ? 'nul' : '/dev/null', PYTHONNOUSERSITE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE_MS,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(undefined) : reject(error)));
    child.on('close', (code) => {
      const missing = /No module named '?pip/.test(output);
      resolve(missing ? undefined : { exitCode: code ?? 1, output });
    });
  });
}
