import { randomBytes } from 'node:crypto';
import type { GateApi } from '../api/gate-api.ts';
import { type ApiClientOptions, createApiClient } from '../cli/api-client.ts';
import type { Config } from '../config.ts';
import { hostInUrl, indexRoot, reviewUrl } from '../gate/links.ts';
import type { GateReader } from '../gate/ports.ts';
import { DEFAULT_INDEX } from '../gate/served-index.ts';
import { chooseUpstreams } from './choose-upstreams.ts';
import { apiOver, openLocalApi } from './local-api.ts';
import type { Gate } from './open-gate.ts';
import { startServer } from './serve.ts';

/** The gate that locks are made and checked with. */
export type LockerGate = {
  readonly reader: GateReader;
  /** Where a resolver on this machine reaches its index, with the token when there is one; absent: checks need none. */
  readonly resolverUrl?: string;
  close(): Promise<void>;
};

/** One of this process, open to a resolver on this machine. */
export type LoopbackGate = LockerGate & {
  readonly gate: Gate;
  /** Where the resolver reaches an index. */
  urlOf(index: string): string;
  readerOf(index: string): GateReader;
};

/** A gate that runs elsewhere. */
export function openRemoteGate(client: ApiClientOptions, index = DEFAULT_INDEX): LockerGate {
  const api = createApiClient(client);
  const resolver = new URL(`${client.url}${indexRoot(index)}/simple/`);
  if (client.token !== undefined) {
    resolver.username = '__token__';
    resolver.password = client.token;
  }
  return { reader: readGate(api, client.url, index), resolverUrl: resolver.href, close: () => api.close() };
}

/** The data folder of this machine, for checks. */
export async function openOwnGate(config: Config, version: string, index = DEFAULT_INDEX): Promise<LockerGate> {
  const api = await openLocalApi(config, version);
  return { reader: readGate(api, publicBase(config), index), close: () => api.close() };
}

/**
 * The data folder of this machine, served on a free port of the loopback address, for a resolver needs an address to ask.
 * A server that runs over the same folder is not disturbed. Nobody else on the machine gets anything there that the
 * configuration would not give.
 */
export async function openLoopbackGate(config: Config, version: string, index = DEFAULT_INDEX): Promise<LoopbackGate> {
  const own: Config = {
    ...config,
    host: '127.0.0.1',
    port: 0,
    // Links in refusals lead to where the team's gate is, not to a port that is gone a moment later.
    public_url: publicBase(config),
    log_level: 'silent',
  };
  const token = randomBytes(32).toString('base64url');
  const server = await startServer(own, chooseUpstreams(config), version, token);
  const api = apiOver(server.gate, version);
  const urlOf = (name: string) => `http://__token__:${token}@127.0.0.1:${server.port}${indexRoot(name)}/simple/`;
  const readerOf = (name: string) => readGate(api, publicBase(config), name);
  return {
    gate: server.gate,
    urlOf,
    readerOf,
    reader: readerOf(index),
    resolverUrl: urlOf(index),
    close: () => server.stop(),
  };
}

/** @param base root of the gate as clients know it */
function readGate({ call }: Pick<GateApi, 'call'>, base: string, index: string): GateReader {
  return {
    indexUrl: `${base}${indexRoot(index)}/simple/`,
    reviewUrl: (project, version) => reviewUrl(base, index, project, version),
    release: (project, version) =>
      version === undefined
        ? call('readProject', { params: { project }, query: { index } })
        : call('readRelease', { params: { project, version }, query: { index } }),
  };
}

function publicBase({ public_url, host, port }: Config): string {
  return public_url?.replace(/\/$/, '') ?? `http://${hostInUrl(host)}:${port}`;
}
