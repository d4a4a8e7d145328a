import { listOf, type Table, tableOf, textOf, textsOf } from '../manifest/loose.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { ManifestBuilder } from '../manifest/manifest-builder.ts';
import type { Document } from '../manifest/read-document.ts';
import { unreadable } from '../manifest/unreadable-input.ts';
import { edgeMarkers } from './edge-markers.ts';
import { reachedGroups } from './reached-groups.ts';

/**
 * Reads uv.lock (version 1, any revision). The team's own packages, which are the root and the members of a workspace, are
 * not audited. A package that only an extra or a group needs carries its name.
 * @throws {WheelgateError} INPUT_UNREADABLE for another version of the format
 */
export function readUvLock({ root, lineOf }: Document, file: string): Manifest {
  if (root.version !== 1) throw unreadable(`${file}: version ${String(root.version)} of uv.lock is not known`);
  const packages = listOf(root.package).map(tableOf);
  const members = new Set(textsOf(tableOf(root.manifest).members));
  const isOwn = (entry: Table) => members.has(textOf(entry.name) ?? '') || isRoot(tableOf(entry.source));
  const groups = reachedGroups(packages, isOwn);
  const markers = edgeMarkers(packages, isOwn);
  const into = new ManifestBuilder();
  for (const [at, entry] of packages.entries()) {
    const place = { file, line: lineOf('package', at, 'name') ?? lineOf('package', at) ?? 1 };
    const name = textOf(entry.name);
    const version = textOf(entry.version);
    const source = tableOf(entry.source);
    const group = groups.get(entry);
    if (name === undefined) into.error('a package without a name', place);
    else if (!isOwn(entry)) {
      const reason = sourceReason(source);
      const shown = version === undefined ? name : `${name}==${version}`;
      if (reason !== undefined) into.unaudited(shown, reason, place, group);
      else if (version === undefined) into.unaudited(shown, 'unpinned', place, group);
      else {
        const marker = bothMarkers(forkMarker(entry), markers.get(entry));
        into.pin({ name, version, group, marker, hashes: hashesOf(entry) }, place);
      }
    }
  }
  return into.build();
}

/** Where a fork of the resolution holds that this entry belongs to. */
function forkMarker(entry: Table): string | undefined {
  const forks = textsOf(entry['resolution-markers']).map((text) => `(${text})`);
  return forks.length === 0 ? undefined : forks.join(' or ');
}

function bothMarkers(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || b === undefined ? (a ?? b) : `(${a}) and (${b})`;
}

function isRoot(source: Table): boolean {
  return [source.editable, source.virtual, source.directory].includes('.');
}

function sourceReason(source: Table) {
  if (source.git !== undefined) return 'vcs';
  if (source.url !== undefined) return 'url';
  if (source.editable !== undefined) return 'editable';
  if (source.path !== undefined || source.directory !== undefined || source.virtual !== undefined) return 'path';
  return undefined;
}

function hashesOf(entry: Table): readonly string[] {
  return [entry.sdist, ...listOf(entry.wheels)].flatMap((file) => textOf(tableOf(file).hash) ?? []);
}
