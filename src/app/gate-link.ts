import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { GateLink } from './local-auditor.ts';

/** Of a gate that runs, from the environment. */
export type RemoteGate = {
  readonly url: string;
  readonly token?: string;
  readonly proxy?: { readonly http?: string; readonly https?: string; readonly none?: string };
};

/** A gate that runs somewhere. @param version of Wheelgate */
export async function linkRemoteGate(remote: RemoteGate, version: string): Promise<GateLink> {
  const { url, token, proxy } = remote;
  const { createApiClient } = await import('../cli/api-client.ts');
  const { createGateVerdicts } = await import('./gate-verdicts.ts');
  const api = createApiClient({ ...remote, version });
  return {
    remote: { url, verdicts: async (index) => createGateVerdicts(api, url, index) },
    async releases(index) {
      const { createGateReleases } = await import('./gate-releases.ts');
      const { createUpstream } = await import('../io/upstream/create-upstream.ts');
      const { indexRoot } = await import('../gate/links.ts');
      const location = new URL(`${url}${indexRoot(index)}/simple/`);
      if (token !== undefined) {
        location.username = '__token__';
        location.password = token;
      }
      const gateIndex = createUpstream(location.href, { kind: 'index', ...(proxy && { proxy }) });
      return createGateReleases(api, gateIndex, index);
    },
    close: () => api.close(),
  };
}

/** What the configuration of this machine would decide, with its upstreams; without a data folder none is left behind. */
export async function linkLocalGate(config: Config): Promise<GateLink> {
  const temporary = existsSync(config.data) ? undefined : await mkdtemp(join(tmpdir(), 'wheelgate-'));
  const { openCommandGate } = await import('./command-gate.ts');
  const { createLocalReleases } = await import('./local-releases.ts');
  const own = temporary === undefined ? config : { ...config, data: temporary };
  const gate = await openCommandGate(own);
  return {
    releases: async (index) => createLocalReleases(gate, gate.index(index)),
    async close() {
      await gate.close();
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    },
  };
}
