import { findVersion, newestVersion, renderLegacy } from '../core/index/render-legacy.ts';
import { type CoreMetadata, readMetadata } from '../core/python/metadata.ts';
import type { ProjectName } from '../core/python/name.ts';
import type { DecidedProject, DecideProject } from './decide-project.ts';
import { isOfRelease } from './decide-project.ts';
import { indexRoot } from './links.ts';
import { servedPage } from './list-project.ts';
import type { ServedIndex } from './served-index.ts';

/**
 * PyPI's legacy JSON API for a project or one of its releases, made from our own page: it shows what the page shows, so
 * that nothing withheld looks like "the latest".
 * @returns the document, or undefined when the index has no such project or release
 */
export function createLegacyDocument(decide: Pick<DecideProject, 'decideProject'>) {
  return async function legacyDocument(
    index: ServedIndex,
    project: ProjectName,
    rawVersion: string | undefined,
    base: string,
  ): Promise<string | undefined> {
    const decided = await decide.decideProject(index, project);
    if (typeof decided === 'string') return undefined;
    const page = servedPage(index, decided, base);
    const version = rawVersion === undefined ? newestVersion(page) : findVersion(page, rawVersion);
    if (version === undefined) return undefined;
    const metadata = metadataOf(decided, version);
    const advisories = decided.files.find((file) => isOfRelease(file, version))?.evidence.advisories.matches ?? [];
    const root = `${base}${indexRoot(index.name)}/`;
    return renderLegacy(
      page,
      { version, advisories, ...(metadata && { metadata }) },
      root,
      rawVersion === undefined ? 'project' : 'release',
    );
  };
}

/** Known once a wheel of the release was inspected; asking for the document downloads nothing. */
function metadataOf(decided: DecidedProject, version: string): CoreMetadata | undefined {
  const bytes = decided.files.find((file) => isOfRelease(file, version) && file.inspection?.metadata)?.inspection
    ?.metadata;
  return bytes && readMetadata(Buffer.from(bytes.base64, 'base64')).fields;
}
