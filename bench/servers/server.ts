import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { plainEnvironment } from '../../test/e2e/start-gate.ts';
import type { Later } from '../measure/clean-up.ts';

/** A server under measurement, on loopback. */
export type BenchServer = {
  readonly name: string;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Its main process; what it starts counts as its own. */
  readonly pid: number;
};

export type Start = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly port: number;
};

const START_WITHIN_MS = 120_000;

/** Starts a program and waits until its port answers. @throws {Error} with its output when it ends instead */
export async function startProgram(later: Later, { name, command, args, env, port }: Start): Promise<BenchServer> {
  const child = spawn(command, args, { env: { ...plainEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ended = endOf(child);
  later(async () => {
    child.kill();
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || child.pid === undefined) throw new Error(`${name} ended at its start:\n${output}`);
    if (Date.now() > deadline) throw new Error(`${name} does not answer at ${url}:\n${output}`);
    await wait(50);
  }
  return { name, url, pid: child.pid! };
}

/** A port that was free a moment ago, for programs that cannot choose one by themselves. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return true;
    },
    () => false,
  );
}
