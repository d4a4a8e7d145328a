import { WheelgateError } from '../errors.ts';
import { parsePurl } from '../python/purl.ts';
import type { Manifest } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';

/** One component of a bill of materials, whichever format it came in. */
export type SbomComponent = {
  readonly purl?: string;
  /** `sha256:<hex>`. */
  readonly hashes: readonly string[];
  readonly line: number;
};

/** Components are told by their package URL; how many are no Python projects is said in one line: they may be a whole system. */
export function manifestOfComponents(components: readonly SbomComponent[], file: string): Manifest {
  const into = new ManifestBuilder();
  const foreign = new Map<string, number>();
  for (const { purl, hashes, line } of components) {
    const place = { file, line };
    const type = /^pkg:([A-Za-z0-9.+-]+)\//.exec(purl ?? '')?.[1]?.toLowerCase() ?? 'without a package URL';
    if (purl === undefined || type !== 'pypi') {
      foreign.set(type, (foreign.get(type) ?? 0) + 1);
      continue;
    }
    try {
      const { project, rawVersion, version } = parsePurl(purl);
      const text = version?.text ?? rawVersion;
      if (text === undefined) into.unaudited(purl, 'unpinned', place);
      else into.pin({ name: project, version: text, hashes }, place);
    } catch (error) {
      if (!(error instanceof WheelgateError)) throw error;
      into.error(error.message, place);
    }
  }
  if (foreign.size > 0) {
    const counts = [...foreign].map(([type, count]) => `${count} ${type}`).join(', ');
    into.unaudited(`components that are no Python projects: ${counts}`, 'foreign', { file, line: 1 });
  }
  return into.build();
}
