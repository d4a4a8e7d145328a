import { listOf, type Table, tableOf, textOf, textsOf } from '../manifest/loose.ts';
import type { FileSource, Manifest, UnauditedReason } from '../manifest/manifest.ts';
import { ManifestBuilder } from '../manifest/manifest-builder.ts';
import type { Document } from '../manifest/read-document.ts';
import { poetryGroups } from './poetry-groups.ts';

const REASONS: ReadonlyMap<unknown, UnauditedReason> = new Map<unknown, UnauditedReason>([
  ['git', 'vcs'],
  ['url', 'url'],
  ['file', 'path'],
  ['directory', 'path'],
]);

/**
 * Reads poetry.lock, lock-version 1.0 to 2.1. Groups are told from 2.1 on, until Poetry 1.4 a `category` says main or dev;
 * between them the pyproject.toml does.
 */
export function readPoetryLock({ root, lineOf }: Document, file: string, source: FileSource): Manifest {
  const oldFiles = tableOf(tableOf(root.metadata).files);
  const into = new ManifestBuilder();
  const packages = listOf(root.package).map(tableOf);
  const groups = poetryGroups(packages, file, source);
  for (const [at, entry] of packages.entries()) {
    const place = { file, line: lineOf('package', at, 'name') ?? lineOf('package', at) ?? 1 };
    const [name, version] = [textOf(entry.name), textOf(entry.version)];
    if (name === undefined || version === undefined) {
      into.error('a package without name or version', place);
      continue;
    }
    const group = groupOf(entry) ?? groups.get(entry);
    const reason = entry.develop === true ? 'editable' : REASONS.get(tableOf(entry.source).type);
    const files = [...listOf(entry.files), ...listOf(oldFiles[name])];
    const hashes = files.flatMap((one) => textOf(tableOf(one).hash) ?? []);
    if (reason === undefined) into.pin({ name, version, group, marker: markerOf(entry), hashes }, place);
    else into.unaudited(`${name}==${version}`, reason, place, group);
  }
  return into.build();
}

function groupOf(entry: Table): string | undefined {
  const category = textOf(entry.category);
  if (category !== undefined) return category === 'main' ? undefined : category;
  const groups = textsOf(entry.groups);
  return groups.length === 0 || groups.includes('main') ? undefined : groups.join(', ');
}

/** One marker for all groups, or one per group: then it counts wherever one of them holds. */
function markerOf(entry: Table): string | undefined {
  if (typeof entry.markers === 'string') return entry.markers;
  const byGroup = tableOf(entry.markers);
  const groups = textsOf(entry.groups);
  // A group without a marker needs the package everywhere.
  if (groups.some((group) => textOf(byGroup[group]) === undefined)) return undefined;
  return groups.map((group) => `(${textOf(byGroup[group])})`).join(' or ') || undefined;
}
