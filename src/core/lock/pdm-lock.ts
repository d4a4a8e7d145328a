import { listOf, type Table, tableOf, textOf, textsOf } from '../manifest/loose.ts';
import type { Manifest, UnauditedReason } from '../manifest/manifest.ts';
import { ManifestBuilder } from '../manifest/manifest-builder.ts';
import type { Document } from '../manifest/read-document.ts';

/** Reads pdm.lock, lock_version 3 and 4. A project that is asked for with extras has an entry for each set of them. */
export function readPdmLock({ root, lineOf }: Document, file: string): Manifest {
  const oldFiles = tableOf(tableOf(root.metadata).files);
  const into = new ManifestBuilder();
  const seen = new Set<string>();
  for (const [at, value] of listOf(root.package).entries()) {
    const entry = tableOf(value);
    const place = { file, line: lineOf('package', at, 'name') ?? lineOf('package', at) ?? 1 };
    const [name, version, marker] = [textOf(entry.name), textOf(entry.version), textOf(entry.marker)];
    if (name === undefined) {
      into.error('a package without a name', place);
      continue;
    }
    const release = `${name}==${version ?? ''}`;
    const reason = reasonOf(entry);
    const key = `${release} ${reason} ${marker}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const groups = textsOf(entry.groups);
    const group = groups.length === 0 || groups.includes('default') ? undefined : groups.join(', ');
    const hashes = [...listOf(entry.files), ...listOf(oldFiles[`${name} ${version}`])].flatMap(
      (one) => textOf(tableOf(one).hash) ?? [],
    );
    if (reason !== undefined) into.unaudited(release, reason, place, group);
    else if (version === undefined) into.unaudited(name, 'unpinned', place, group);
    else into.pin({ name, version, group, marker, hashes }, place);
  }
  return into.build();
}

function reasonOf(entry: Table): UnauditedReason | undefined {
  if (entry.editable === true) return 'editable';
  if (['git', 'hg', 'svn', 'bzr'].some((vcs) => entry[vcs] !== undefined)) return 'vcs';
  if (entry.path !== undefined) return 'path';
  return entry.url === undefined ? undefined : 'url';
}
