import { listOf, type Table, tableOf, textOf } from './loose.ts';
import type { Place } from './manifest.ts';
import type { ManifestBuilder } from './manifest-builder.ts';
import { sourceReason } from './source-reason.ts';

/** Finds the place of a path below `[tool.poetry]`. */
type PlaceOf = (...path: readonly (string | number)[]) => Place;

/** Reads `[tool.poetry.dependencies]`, the groups, and `dev-dependencies` from before there were groups. */
export function readPoetryTables(poetry: Table, placeOf: PlaceOf, into: ManifestBuilder): void {
  readTable(tableOf(poetry.dependencies), undefined, (...path) => placeOf('dependencies', ...path), into);
  readTable(tableOf(poetry['dev-dependencies']), 'dev', (...path) => placeOf('dev-dependencies', ...path), into);
  for (const [group, table] of Object.entries(tableOf(poetry.group))) {
    const place: PlaceOf = (...path) => placeOf('group', group, 'dependencies', ...path);
    readTable(tableOf(tableOf(table).dependencies), group, place, into);
  }
}

/** Reads a table of names and versions, as Poetry and Pipenv write it. Several entries are for several markers. */
export function readTable(
  dependencies: Table,
  group: string | undefined,
  placeOf: PlaceOf,
  into: ManifestBuilder,
  isExact: (version: string) => string | undefined = exactPoetryVersion,
): void {
  for (const [name, value] of Object.entries(dependencies)) {
    if (name === 'python') continue;
    const place = placeOf(name);
    for (const one of Array.isArray(value) ? listOf(value) : [value]) {
      const table = typeof one === 'string' ? { version: one } : tableOf(one);
      const wanted = textOf(table.version) ?? '';
      const version = isExact(wanted);
      const reason = sourceReason(table);
      const marker = textOf(table.markers);
      if (reason === 'workspace') continue;
      if (reason !== undefined) into.unaudited(name, reason, place, group);
      else if (version !== undefined) into.pin({ name, version, group, marker }, place);
      else into.unaudited(`${name} ${wanted}`.trim(), 'unpinned', place, group);
    }
  }
}

/** In Poetry a bare version is an exact one. */
function exactPoetryVersion(text: string): string | undefined {
  return /^(?:={1,3}\s*)?(\d[\w.!+-]*)$/.exec(text.trim())?.[1];
}
