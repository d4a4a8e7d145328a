import { WheelgateError } from '../errors.ts';
import { parsePurl } from '../python/purl.ts';
import { listOf, type Table, tableOf, textOf } from './loose.ts';
import type { Manifest } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import type { Document, LineOf } from './read-document.ts';

type Component = {
  readonly purl?: string;
  readonly hashes: readonly string[];
  readonly path: readonly (string | number)[];
};

/** True for the JSON of a CycloneDX or SPDX bill of materials. */
export function isSbom({ root }: Document): boolean {
  return root.bomFormat === 'CycloneDX' || typeof root.spdxVersion === 'string' || Array.isArray(root['@graph']);
}

/**
 * Reads a bill of materials in JSON: CycloneDX 1.x, SPDX 2.x and 3.0. Components are told by their package URL; how many are
 * no Python projects is said in one line, for they may be a whole operating system.
 */
export function readSbom({ root, lineOf }: Document, file: string): Manifest {
  const into = new ManifestBuilder();
  const foreign = new Map<string, number>();
  for (const { purl, hashes, path } of componentsOf(root)) {
    const place = { file, line: lineNear(lineOf, path) };
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

function componentsOf(root: Table): readonly Component[] {
  if (root.bomFormat === 'CycloneDX') return cycloneDx(listOf(root.components), ['components']);
  if (typeof root.spdxVersion === 'string') return listOf(root.packages).flatMap(spdx2);
  return listOf(root['@graph']).flatMap(spdx3);
}

/** Components may have components. */
function cycloneDx(components: readonly unknown[], path: readonly (string | number)[]): readonly Component[] {
  return components.map(tableOf).flatMap((component, at) => {
    const own = [...path, at];
    const purl = textOf(component.purl);
    const hashes = listOf(component.hashes)
      .map(tableOf)
      .flatMap(({ alg, content }) => (alg === 'SHA-256' ? [`sha256:${String(content)}`] : []));
    const inner = cycloneDx(listOf(component.components), [...own, 'components']);
    if (purl === undefined && component.type === 'file') return inner;
    return [{ ...(purl !== undefined && { purl }), hashes, path: own }, ...inner];
  });
}

function spdx2(value: unknown, at: number): readonly Component[] {
  const entry = tableOf(value);
  const purl = listOf(entry.externalRefs)
    .map(tableOf)
    .find(({ referenceType }) => referenceType === 'purl')?.referenceLocator;
  const hashes = listOf(entry.checksums)
    .map(tableOf)
    .flatMap(({ algorithm, checksumValue }) => (algorithm === 'SHA256' ? [`sha256:${String(checksumValue)}`] : []));
  // The package that the document is about describes the rest, and seldom has a package URL.
  const text = textOf(purl);
  return text === undefined ? [] : [{ purl: text, hashes, path: ['packages', at] }];
}

function spdx3(value: unknown, at: number): readonly Component[] {
  const entry = tableOf(value);
  const identifier = listOf(entry.externalIdentifier)
    .map(tableOf)
    .find(({ externalIdentifierType }) => externalIdentifierType === 'packageUrl')?.identifier;
  const purl = textOf(entry.software_packageUrl) ?? textOf(identifier);
  return purl === undefined ? [] : [{ purl, hashes: [], path: ['@graph', at] }];
}

/** Deep components are on the line of what holds them. */
function lineNear(lineOf: LineOf, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const line = lineOf(...path.slice(0, length), 'purl') ?? lineOf(...path.slice(0, length));
    if (line !== undefined) return line;
  }
  return 1;
}
