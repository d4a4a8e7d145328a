import { hasCode } from '../errors.ts';
import { readHeaders } from '../python/metadata-headers.ts';
import { decodeText } from './decode-text.ts';
import { tableOf, textOf } from './loose.ts';
import type { FileSource, Manifest } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import { readJson } from './read-document.ts';

const INSTALLED = /\.(?:dist-info|egg-info)$/;

/** True when a folder's names are those of installed distributions. */
export function isSitePackages(names: readonly string[]): boolean {
  return names.some((name) => name.endsWith('.dist-info'));
}

/**
 * Reads what is installed in a site-packages folder from its files alone: no interpreter starts, so nothing that hides in
 * a `.pth` file runs. What came from a repository, URL or folder (PEP 610) is unaudited.
 */
export function readInstalled(folder: string, names: readonly string[], source: FileSource): Manifest {
  const into = new ManifestBuilder();
  for (const entry of names.filter((name) => INSTALLED.test(name))) {
    const base = source.resolve(`${folder}/x`, entry);
    const inside = source.list(base);
    const metadata = inside?.find((name) => name === 'METADATA' || name === 'PKG-INFO');
    // Before there were folders, an .egg-info was the metadata file itself.
    const path = inside === undefined ? base : `${base}/${metadata ?? 'METADATA'}`;
    try {
      const { headers } = readHeaders(decodeText(source.read(path)).text);
      const field = (wanted: string) => headers.find(({ name }) => name.toLowerCase() === wanted);
      const [name, version] = [field('name'), field('version')];
      const place = { file: path, line: version?.line ?? 1 };
      if (!name?.value || !version?.value) into.error('the metadata has no name or version', place);
      else {
        const origin = inside?.includes('direct_url.json') ? originOf(`${base}/direct_url.json`, source) : undefined;
        if (origin === undefined) into.pin({ name: name.value, version: version.value }, place);
        else into.unaudited(`${name.value}==${version.value}`, origin, place);
      }
    } catch (error) {
      if (!hasCode(error, 'INPUT_UNREADABLE')) throw error;
      into.error(error.message, { file: path });
    }
  }
  return into.build();
}

/** PEP 610. */
function originOf(path: string, source: FileSource): 'vcs' | 'editable' | 'path' | 'url' {
  const { root } = readJson(source.read(path), path);
  if (root.vcs_info !== undefined) return 'vcs';
  if (root.dir_info !== undefined) return tableOf(root.dir_info).editable === true ? 'editable' : 'path';
  return textOf(root.url)?.startsWith('file:') ? 'path' : 'url';
}
