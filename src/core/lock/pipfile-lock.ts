import { type Table, tableOf, textOf, textsOf } from '../manifest/loose.ts';
import type { Manifest, UnauditedReason } from '../manifest/manifest.ts';
import { ManifestBuilder } from '../manifest/manifest-builder.ts';
import type { Document } from '../manifest/read-document.ts';

/** Reads Pipfile.lock (spec 6): `default`, `develop` and categories of the team's own. */
export function readPipfileLock({ root, lineOf }: Document, file: string): Manifest {
  const into = new ManifestBuilder();
  for (const [section, packages] of Object.entries(root)) {
    if (section === '_meta') continue;
    const group = section === 'default' ? undefined : section === 'develop' ? 'dev' : section;
    for (const [name, value] of Object.entries(tableOf(packages))) {
      const entry = tableOf(value);
      const place = { file, line: lineOf(section, name) ?? 1 };
      const version = /^={2,3}(.+)$/.exec(textOf(entry.version) ?? '')?.[1];
      const reason = reasonOf(entry);
      if (reason !== undefined) into.unaudited(name, reason, place, group);
      else if (version === undefined) into.unaudited(`${name}${textOf(entry.version) ?? ''}`, 'unpinned', place, group);
      else into.pin({ name, version, group, marker: textOf(entry.markers), hashes: textsOf(entry.hashes) }, place);
    }
  }
  return into.build();
}

function reasonOf(entry: Table): UnauditedReason | undefined {
  if (entry.git !== undefined || entry.hg !== undefined || entry.svn !== undefined) return 'vcs';
  if (entry.editable === true) return 'editable';
  if (entry.path !== undefined) return 'path';
  return entry.file === undefined ? undefined : 'url';
}
