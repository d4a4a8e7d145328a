import type { Config } from '../config.ts';
import { hostInUrl, indexRoot, reviewUrl } from '../gate/links.ts';
import type { GateReader } from '../gate/ports.ts';
import { chooseUpstreams } from './choose-upstreams.ts';
import { releaseRecord } from './local-gate.ts';
import type { Gate } from './open-gate.ts';
import { startServer } from './serve.ts';

/** A gate in this process, for a resolver that needs an address to ask. */
export type LoopbackGate = {
  readonly gate: Gate;
  /** Where the resolver reaches it, on this machine alone. */
  indexUrl(index: string | undefined): string;
  close(): Promise<void>;
};

/** Serves the data folder on a free port of the loopback address, beside a server that may be running. */
export async function openLoopbackGate(config: Config, version: string): Promise<LoopbackGate> {
  const own: Config = {
    ...config,
    host: '127.0.0.1',
    port: 0,
    // Links in refusals lead to where the team's gate is, not to a port that is gone a moment later.
    public_url: publicBase(config),
    log_level: 'silent',
  };
  const server = await startServer(own, chooseUpstreams(config), version);
  const { port } = server;
  return {
    gate: server.gate,
    indexUrl: (index) => `http://127.0.0.1:${port}${indexRoot(server.gate.index(index).name)}/simple/`,
    close: () => server.stop(),
  };
}

/** Reads a gate of this process as clients of the configured one would see it. */
export function readGate(gate: Gate, config: Config, indexName: string | undefined): GateReader {
  const index = gate.index(indexName);
  const base = publicBase(config);
  return {
    indexUrl: `${base}${indexRoot(index.name)}/simple/`,
    reviewUrl: (project, version) => reviewUrl(base, index.name, project, version),
    release: (project, version) =>
      releaseRecord(gate, { project, ...(version !== undefined && { version }) }, indexName),
  };
}

function publicBase({ public_url, host, port }: Config): string {
  return public_url?.replace(/\/$/, '') ?? `http://${hostInUrl(host)}:${port}`;
}
