import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WheelgateError } from '../../core/errors.ts';
import { withoutCredentials } from '../../core/without-credentials.ts';
import type { Upstream } from '../../gate/ports.ts';
import { DirectoryIndex, type LocalOptions } from './directory-index.ts';
import { FindLinksPage } from './find-links-page.ts';
import { Folder } from './folder.ts';
import type { HttpOptions } from './http-client.ts';
import { HttpIndex } from './http-index.ts';
import { LocalPage } from './local-page.ts';
import { PYPI } from './pypi-address.ts';

export type UpstreamOptions = Omit<HttpOptions, 'ca' | 'defaultFileHosts'> &
  LocalOptions & {
    /** By default an address is an index, unless it ends in `.html` or is a folder without project folders. */
    readonly kind?: 'index' | 'find-links';
    /** PEM file with the certificate authorities to trust, as pip's `cert`. */
    readonly caFile?: string;
  };

/**
 * The upstream at a location: an `http(s)` or `file:` URL or an absolute path. The root of an index may be written with or
 * without its trailing slash, and without `simple` where that is all that is missing.
 * @throws {WheelgateError} CONFIG_INVALID
 */
export function createUpstream(location: string, options: UpstreamOptions = {}): Upstream {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(location)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return createHttp(location, options);
  if (scheme === 'file') return createLocal(pathOf(location), options);
  if (isAbsolute(location)) return createLocal(location, options);
  throw invalid(location, 'is neither an http, https or file URL nor an absolute path');
}

function createHttp(location: string, { caFile, kind, ...options }: UpstreamOptions): Upstream {
  if (!URL.canParse(location)) throw invalid(location, 'is not a URL');
  const url = new URL(location);
  url.hash = '';
  const isPypi = url.host === new URL(PYPI.indexUrl).host;
  const http: HttpOptions = {
    ...options,
    ...(isPypi && { defaultFileHosts: PYPI.fileHosts }),
    ...(caFile !== undefined && { ca: readCa(caFile) }),
  };
  if (kind === 'find-links' || (kind === undefined && /\.html?$/i.test(url.pathname)))
    return new FindLinksPage(url.href, http);
  if (url.pathname === '/') url.pathname = '/simple/';
  else if (!url.pathname.endsWith('/')) url.pathname += '/';
  return new HttpIndex(url.href, http);
}

function createLocal(path: string, { kind, ...options }: UpstreamOptions): Upstream {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) throw invalid(path, 'does not exist');
  if (info.isFile()) {
    if (kind === 'index' || !/\.html?$/i.test(path)) throw invalid(path, 'is neither a folder nor an HTML page');
    return new LocalPage(path, options);
  }
  if (kind === 'find-links') return new Folder(path, options);
  const simple = join(path, 'simple');
  if (hasProjectFolders(simple)) return new DirectoryIndex(simple, options);
  return kind === 'index' || hasProjectFolders(path) ? new DirectoryIndex(path, options) : new Folder(path, options);
}

/** True when some folder in it has an `index.html`. */
function hasProjectFolders(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  return readdirSync(path).some((entry) => existsSync(join(path, entry, 'index.html')));
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw invalid(url, 'is no path on this machine', error);
  }
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(path, 'cannot be read as a file of certificate authorities', error);
  }
}

function invalid(location: string, why: string, cause?: unknown): WheelgateError {
  const help = 'Give the URL or folder of a simple index, a find-links page or a folder of distributions.';
  return new WheelgateError('CONFIG_INVALID', `Upstream ${withoutCredentials(location)} ${why}`, help, cause);
}
