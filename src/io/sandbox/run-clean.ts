import { spawn } from 'node:child_process';

export type CleanRun = {
  readonly exitCode: number;
  /** stdout and stderr as they came. */
  readonly output: string;
};

export type CleanRunOptions = {
  /** On top of the few variables that are kept. */
  readonly env: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  /** The gate is elsewhere: certificates and proxies of this machine count. */
  readonly reachesOut?: boolean;
};

/** Nothing but what a program needs to start: no tokens, no index settings, no proxies of whoever runs this. */
const KEPT_VARIABLES = ['PATH', 'HOME', 'SYSTEMROOT', 'TEMP', 'TMPDIR', 'LANG'];
const CONNECTION_VARIABLES = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'http_proxy', 'https_proxy', 'no_proxy'].flatMap(
  (name) => [name, name.toUpperCase()],
);

/** Starts a program with a clean environment and waits for its end. @returns undefined when there is no such program */
export function runClean(
  command: string,
  args: readonly string[],
  { env, deadlineMs, reachesOut = false }: CleanRunOptions,
): Promise<CleanRun | undefined> {
  const kept = reachesOut ? [...KEPT_VARIABLES, ...CONNECTION_VARIABLES] : KEPT_VARIABLES;
  const inherited = Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: deadlineMs,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(undefined) : reject(error)));
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
