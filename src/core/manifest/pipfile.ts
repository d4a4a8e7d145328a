import { tableOf } from './loose.ts';
import type { Manifest } from './manifest.ts';
import { ManifestBuilder } from './manifest-builder.ts';
import { readTable } from './poetry-tables.ts';
import type { Document } from './read-document.ts';

const NO_CATEGORY = new Set(['source', 'requires', 'scripts', 'pipenv']);

/** Reads a Pipfile: `packages`, `dev-packages` and categories of the team's own. */
export function readPipfile({ root, lineOf }: Document, file: string): Manifest {
  const into = new ManifestBuilder();
  for (const [section, value] of Object.entries(root)) {
    if (NO_CATEGORY.has(section)) continue;
    const group = section === 'packages' ? undefined : section === 'dev-packages' ? 'dev' : section;
    const placeOf = (...path: readonly (string | number)[]) => ({ file, line: lineOf(section, ...path) ?? 1 });
    readTable(tableOf(value), group, placeOf, into, (version) => /^={2,3}\s*([^\s,*]+)$/.exec(version.trim())?.[1]);
  }
  return into.build();
}
