import type { ProjectPage } from '../core/index/page.ts';
import { versionKey } from '../core/python/version.ts';
import type { Sha256 } from '../core/sha256.ts';
import { nameOn, namesOnPage } from './names-on-page.ts';
import type { KnownFile } from './ports.ts';

export type KnownSdist = { readonly filename: string; readonly sha256: Sha256 };

/**
 * The sdists of a project by release (`versionKey`): those on its page, and those that the index has met.
 * @param wanted releases that are asked about
 */
export function knownSdists(
  page: Pick<ProjectPage, 'project' | 'files'>,
  known: readonly Pick<KnownFile, 'file' | 'sha256'>[],
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly KnownSdist[]> {
  const sdists = new Map<string, KnownSdist[]>();
  if (wanted.size === 0) return sdists;
  const add = (name: ReturnType<typeof nameOn>, sha256: Sha256 | undefined) => {
    if (name?.kind !== 'sdist' || name.version === undefined || sha256 === undefined) return;
    const key = versionKey(name.version);
    if (!wanted.has(key)) return;
    const there = sdists.get(key);
    if (there === undefined) sdists.set(key, [{ filename: name.filename, sha256 }]);
    else if (there.every((each) => each.sha256 !== sha256)) there.push({ filename: name.filename, sha256 });
  };
  for (const [file, name] of namesOnPage(page)) add(name, file.sha256);
  for (const { file, sha256 } of known) add(nameOn(page.project, file.filename), sha256);
  return sdists;
}
