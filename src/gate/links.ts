import { DEFAULT_INDEX } from './served-index.ts';

/** Where an index lies below the server's root: empty for the default one, `/<name>` for the others. */
export function indexRoot(index: string): string {
  return index === DEFAULT_INDEX ? '' : `/${index}`;
}

/** The short link that terminals show: the page about one release. */
export function reviewUrl(base: string, index: string, project: string, version: string | undefined): string {
  return `${base}${indexRoot(index)}/r/${project}${version === undefined ? '' : `/${encodeURIComponent(version)}`}`;
}
