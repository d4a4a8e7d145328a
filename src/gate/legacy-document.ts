import { findVersion, newestVersion, renderLegacy } from '../core/index/render-legacy.ts';
import { type CoreMetadata, readMetadata } from '../core/python/metadata.ts';
import type { ProjectName } from '../core/python/name.ts';
import { type DecidedFile, type DecideProject, isOffered, isOfRelease } from './decide-project.ts';
import { indexRoot } from './links.ts';
import { servedPage } from './list-project.ts';
import type { ServedIndex } from './served-index.ts';

export type LegacyAnswer =
  | { readonly kind: 'document'; readonly text: string }
  /** Every file of the release is withheld; `decided` is one of them. */
  | { readonly kind: 'refused'; readonly decided: DecidedFile }
  /** No wheel of the release was read yet. */
  | { readonly kind: 'unread' }
  | { readonly kind: 'absent' };

/**
 * PyPI's legacy JSON API for a project or one of its releases, made from our own page: it shows what the page shows, so
 * that nothing withheld looks like "the latest". A release has a document only once its metadata is known: PDM takes a
 * missing `requires_dist` for "needs nothing" and would lock without the dependencies; without a document it asks the file.
 */
export function createLegacyDocument(decide: Pick<DecideProject, 'decideProject'>) {
  return async function legacyDocument(
    index: ServedIndex,
    project: ProjectName,
    rawVersion: string | undefined,
    base: string,
  ): Promise<LegacyAnswer> {
    const decided = await decide.decideProject(index, project);
    if (typeof decided === 'string') return { kind: 'absent' };
    const page = servedPage(index, decided, base);
    const version = rawVersion === undefined ? newestVersion(page) : findVersion(page, rawVersion);
    if (version === undefined) return { kind: 'absent' };
    const files = decided.files.filter((file) => isOfRelease(file, version));
    const metadata = metadataOf(files);
    if (rawVersion !== undefined && !metadata) {
      return files[0] && !files.some(isOffered) ? { kind: 'refused', decided: files[0] } : { kind: 'unread' };
    }
    const advisories = files[0]?.evidence.advisories.matches ?? [];
    const scope = rawVersion === undefined ? 'project' : 'release';
    const release = { version, advisories, ...(metadata && { metadata }) };
    return { kind: 'document', text: renderLegacy(page, release, `${base}${indexRoot(index.name)}/`, scope) };
  };
}

/** Of a file that may be had, once it was inspected; asking for the document downloads nothing. */
export function metadataOf(files: readonly DecidedFile[]): CoreMetadata | undefined {
  const bytes = files.find((file) => isOffered(file) && file.inspection?.metadata)?.inspection?.metadata;
  return bytes && readMetadata(Buffer.from(bytes.base64, 'base64')).fields;
}
