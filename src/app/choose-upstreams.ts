import { readFileSync } from 'node:fs';
import { type Config, type ProxySettings, pipEnvironment } from '../config.ts';
import { findPipIndexes, type PipSettings } from '../io/upstream/pip-config.ts';
import { PYPI } from '../io/upstream/pypi-address.ts';

/** An upstream to open, and who named it. */
export type NamedUpstream = {
  readonly location: string;
  readonly isPrivate: boolean;
  readonly fileHosts: readonly string[];
  readonly kind?: 'index' | 'find-links';
  readonly caFile?: string;
  readonly proxy?: ProxySettings;
  /** `extra-index-url in /etc/pip.conf`. */
  readonly why: string;
};

/**
 * Which upstreams to read, in order: those of the configuration; else what pip on this machine is configured with, and
 * PyPI behind it where pip would ask PyPI too. The gate's own address is no upstream of itself.
 */
export function chooseUpstreams(config: Config, pip: PipSettings = readPipSettings()): readonly NamedUpstream[] {
  if (config.upstreams.length > 0) {
    return config.upstreams.map(({ url, private: isPrivate, file_hosts }) => ({
      location: url,
      isPrivate,
      fileHosts: file_hosts,
      why: config.upstreamsFrom ?? config.source ?? 'the configuration',
    }));
  }
  const fromPip = pip.indexes
    .filter(({ location }) => !isOwnAddress(location, config))
    .map(({ location, kind, why }) => ({
      location,
      kind,
      why,
      isPrivate: false,
      fileHosts: [],
      ...(pip.caFile !== undefined && { caFile: pip.caFile }),
      ...(pip.proxy !== undefined && { proxy: { http: pip.proxy, https: pip.proxy } }),
    }));
  // Behind the others, not before them: an index that a team runs owns its names, and PyPI may be out of reach.
  const isPypiWanted = fromPip.length === 0 || pip.usesDefaultIndex;
  const why = fromPip.length === 0 ? 'nothing else is configured' : 'pip asks it too: no index-url is set';
  return isPypiWanted ? [...fromPip, { location: PYPI.indexUrl, isPrivate: false, fileHosts: [], why }] : fromPip;
}

/** What pip on this machine is configured with. */
export function readPipSettings(): PipSettings {
  return findPipIndexes(pipEnvironment(), readText, process.platform);
}

/** The text of a file, or undefined when there is none or it may not be read: pip passes over those too. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** True for an address that leads back to this gate. */
export function isOwnAddress(
  location: string,
  { host, port, public_url }: Pick<Config, 'host' | 'port' | 'public_url'>,
): boolean {
  if (!URL.canParse(location)) return false;
  const url = new URL(location);
  if (public_url !== undefined && url.host === new URL(public_url).host) return true;
  const isHere = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0', host].includes(url.hostname);
  return url.protocol === 'http:' && isHere && Number(url.port || 80) === port;
}
