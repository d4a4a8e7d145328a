import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { plainEnvironment } from '../../test/e2e/start-gate.ts';
import { type Later, temporaryFolder } from '../measure/clean-up.ts';
import { skip } from '../measure/report.ts';
import { type BenchServer, freePort, startProgram } from './server.ts';

const run = promisify(execFile);

/** The virtual environment that has the peers (README.md, "Peers"). */
const VENV = process.env.BENCH_PEERS;

/** Another caching index server. */
export type PeerServer = BenchServer & { readonly indexUrl: string };

type Peer = {
  readonly name: string;
  /** Why it cannot be measured here, or false. */
  readonly missing: string | false;
  /** @param upstream root of a simple index */
  start(upstream: string, later: Later): Promise<PeerServer>;
};

/** Starts the peers that are installed, each in front of the same upstream, and says why when one is not. */
export async function startPeers(upstream: string, later: Later): Promise<readonly PeerServer[]> {
  const started: PeerServer[] = [];
  for (const { name, missing, start } of [proxpi, devpi]) {
    if (missing) skip(name, missing);
    else started.push(await start(upstream, later));
  }
  return started;
}

function missing(program: string, name: string): string | false {
  if (VENV === undefined) return `BENCH_PEERS names no virtual environment that has ${name}`;
  return existsSync(join(VENV, 'bin', program)) ? false : `${name} is not installed in ${VENV}`;
}

const proxpi: Peer = {
  name: 'proxpi',
  missing: missing('gunicorn', 'proxpi and gunicorn'),
  async start(upstream, later) {
    const port = await freePort();
    const folder = await temporaryFolder(later);
    const server = await startProgram(later, {
      name: 'proxpi',
      command: join(VENV!, 'bin', 'gunicorn'),
      // As its documentation starts it: one process, threads.
      args: ['--bind', `127.0.0.1:${port}`, '--threads', '2', '--log-level', 'warning', 'proxpi.server:app'],
      env: { PROXPI_INDEX_URL: upstream, PROXPI_CACHE_DIR: folder, PROXPI_LOGGING_LEVEL: 'WARNING' },
      port,
    });
    return { ...server, indexUrl: `${server.url}/index/` };
  },
};

const devpi: Peer = {
  name: 'devpi',
  missing: missing('devpi-server', 'devpi-server'),
  async start(upstream, later) {
    const port = await freePort();
    const state = join(await temporaryFolder(later), 'devpi');
    await run(join(VENV!, 'bin', 'devpi-init'), ['--serverdir', state, '--no-root-pypi'], { env: plainEnvironment() });
    const server = await startProgram(later, {
      name: 'devpi',
      command: join(VENV!, 'bin', 'devpi-server'),
      args: ['--serverdir', state, '--host', '127.0.0.1', '--port', String(port)],
      port,
    });
    await addIndexToDevpi(server.url, upstream);
    return { ...server, indexUrl: `${server.url}/root/bench/+simple/` };
  },
};

/** A new devpi has one user, root, with an empty password. */
async function addIndexToDevpi(url: string, upstream: string): Promise<void> {
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`devpi answered ${response.status} to ${path}: ${await response.text()}`);
    return response.json() as Promise<{ result?: { password?: string } }>;
  };
  const { result } = await send('POST', '/+login', { user: 'root', password: '' });
  const credentials = Buffer.from(`root:${result?.password}`).toString('base64');
  const mirror = { type: 'mirror', mirror_url: upstream, volatile: false };
  await send('PUT', '/root/bench', mirror, { 'x-devpi-auth': credentials });
}
