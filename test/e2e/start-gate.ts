import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/wheelgate.js', import.meta.url));

export type StartedGate = {
  readonly url: string;
  /** `<url>/simple/`. */
  readonly indexUrl: string;
  readonly data: string;
  readonly process: ChildProcess;
  /** Everything that the process wrote. */
  output(): string;
  /** SIGTERM, and waits. @returns the exit code */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
};

export type GateOptions = {
  readonly upstream: string;
  /** Kept between starts when given; else a fresh one. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts the real program as its users do, on a free port, and waits until it says that it runs. */
export async function startGate({ upstream, data, env }: GateOptions): Promise<StartedGate> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'wheelgate-e2e-')));
  const child = spawn(process.execPath, [BIN, 'serve', '--port', '0'], {
    env: {
      ...plainEnvironment(),
      WHEELGATE_DATA: folder,
      WHEELGATE_UPSTREAM: upstream,
      WHEELGATE_LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /is running at (\S+)/.exec(output);
      if (found) resolve(found[1]!);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => reject(new Error(`the gate ended with ${code}:\n${output}`)));
  });
  return {
    url,
    indexUrl: `${url}/simple/`,
    data: folder,
    process: child,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      if (data === undefined) await rm(folder, { recursive: true, force: true });
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Without anything that would configure Wheelgate or pip by the way. */
export function plainEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(WHEELGATE_|PIP_|UV_|POETRY_|PDM_|PIPENV_|VIRTUAL_ENV)/.test(name),
  );
  return { ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])), PIP_CONFIG_FILE: '/dev/null' };
}

/** Runs one command of the program. */
export function runWheelgate(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      env: { ...plainEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, out, err }));
  });
}
