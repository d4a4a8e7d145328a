import { listOf, type Table, tableOf, textOf } from './loose.ts';
import type { Manifest } from './manifest.ts';
import type { Document, LineOf } from './read-document.ts';
import { manifestOfComponents, type SbomComponent } from './sbom-components.ts';

type Component = Omit<SbomComponent, 'line'> & { readonly path: readonly (string | number)[] };

/** True for the JSON of a CycloneDX or SPDX bill of materials. */
export function isSbom({ root }: Document): boolean {
  return root.bomFormat === 'CycloneDX' || typeof root.spdxVersion === 'string' || Array.isArray(root['@graph']);
}

/** Reads a bill of materials in JSON: CycloneDX 1.x, SPDX 2.x and 3.0. */
export function readSbom({ root, lineOf }: Document, file: string): Manifest {
  const components = componentsOf(root).map(({ path, ...one }) => ({ ...one, line: lineNear(lineOf, path) }));
  return manifestOfComponents(components, file);
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
