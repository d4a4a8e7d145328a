import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { usageOf } from './process-usage.ts';

const run = promisify(execFile);

export type Load = {
  readonly connections: number;
  readonly seconds: number;
  readonly headers?: Readonly<Record<string, string>>;
};

export type LoadResult = {
  readonly requestsPerSecond: number;
  /** What the server can do on one whole processor, whatever else ran beside it. */
  readonly requestsPerCpuSecond: number;
  readonly p99Ms: number;
};

/** Why there is no load generator, or false. */
export const noWrk: string | false = await run('wrk', ['-v'])
  .catch((error: { code?: unknown }) =>
    error.code === 'ENOENT' ? 'wrk is not installed (apt-get install wrk)' : undefined,
  )
  .then((answer) => (typeof answer === 'string' ? answer : false));

/**
 * Asks for one URL over and over with wrk and charges the requests to the processor time of the server's processes.
 * @throws {Error} when any answer was an error or a connection broke
 */
export async function loadWith(
  url: string,
  pid: number,
  { connections, seconds, headers = {} }: Load,
): Promise<LoadResult> {
  const before = usageOf(pid).cpuSeconds;
  const { stdout } = await run('wrk', [
    ...[
      '--threads',
      '1',
      '--connections',
      String(connections),
      '--duration',
      `${seconds}s`,
      '--latency',
      '--timeout',
      '30s',
    ],
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    url,
  ]);
  const cpuSeconds = usageOf(pid).cpuSeconds - before;
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${url} did not answer every request:\n${stdout}`);
  const [, requests, wallSeconds] = /(\d+) requests in ([\d.]+)s/.exec(stdout) ?? [];
  const [, p99, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  if (!requests || !p99) throw new Error(`wrk said something unknown:\n${stdout}`);
  return {
    requestsPerSecond: Number(requests) / Number(wallSeconds),
    requestsPerCpuSecond: Number(requests) / cpuSeconds,
    p99Ms: Number(p99) * { us: 0.001, ms: 1, s: 1000 }[unit as 'us' | 'ms' | 's'],
  };
}
