import { DEFAULT_INDEX } from './served-index.ts';

/** Where an index lies below the server's root: empty for the default one, `/<name>` for the others. */
export function indexRoot(index: string): string {
  return index === DEFAULT_INDEX ? '' : `/${index}`;
}

/** An address to listen on, as clients on this machine write it. Who listens on every address is reached at the machine's own. */
export function hostInUrl(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The short link that terminals show: the page about one release. */
export function reviewUrl(base: string, index: string, project: string, version: string | undefined): string {
  return `${base}${indexRoot(index)}/r/${project}${version === undefined ? '' : `/${encodeURIComponent(version)}`}`;
}
