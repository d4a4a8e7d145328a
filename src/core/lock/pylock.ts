import { listOf, type Table, tableOf, textOf } from '../manifest/loose.ts';
import type { Manifest, UnauditedReason } from '../manifest/manifest.ts';
import { ManifestBuilder } from '../manifest/manifest-builder.ts';
import type { Document } from '../manifest/read-document.ts';
import { unreadable } from '../manifest/unreadable-input.ts';

/**
 * Reads pylock.toml (PEP 751). One project may appear several times, for the markers choose at installation.
 * @throws {WheelgateError} INPUT_UNREADABLE for another major version of the format
 */
export function readPylock({ root, lineOf }: Document, file: string): Manifest {
  const lockVersion = textOf(root['lock-version']) ?? '';
  if (!/^1\.\d+$/.test(lockVersion)) throw unreadable(`${file}: lock-version ${lockVersion || 'none'} is not known`);
  const into = new ManifestBuilder();
  for (const [at, value] of listOf(root.packages).entries()) {
    const entry = tableOf(value);
    const place = { file, line: lineOf('packages', at, 'name') ?? lineOf('packages', at) ?? 1 };
    const [name, version, marker] = [textOf(entry.name), textOf(entry.version), textOf(entry.marker)];
    if (name === undefined) {
      into.error('a package without a name', place);
      continue;
    }
    const shown = version === undefined ? name : `${name}==${version}`;
    const reason = reasonOf(entry);
    // `path = "."`: the project itself.
    if (tableOf(entry.directory).path === '.') continue;
    if (reason !== undefined) into.unaudited(shown, reason, place);
    else if (version === undefined) into.unaudited(shown, 'unpinned', place);
    else into.pin({ name, version, group: groupIn(marker), marker, hashes: hashesOf(entry) }, place);
  }
  return into.build();
}

function reasonOf(entry: Table): UnauditedReason | undefined {
  if (entry.vcs !== undefined) return 'vcs';
  if (entry.archive !== undefined) return tableOf(entry.archive).url === undefined ? 'path' : 'url';
  if (entry.directory === undefined) return undefined;
  return tableOf(entry.directory).editable === true ? 'editable' : 'path';
}

/** The group or extra that the marker asks for, when it asks for one. */
function groupIn(marker: string | undefined): string | undefined {
  return /["']([^"']+)["'] in (?:dependency_groups|extras)\b/.exec(marker ?? '')?.[1];
}

function hashesOf(entry: Table): readonly string[] {
  return [entry.sdist, ...listOf(entry.wheels)].flatMap((file) =>
    Object.entries(tableOf(tableOf(file).hashes)).map(([algorithm, digest]) => `${algorithm}:${String(digest)}`),
  );
}
