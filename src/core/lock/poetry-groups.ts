import { hasCode } from '../errors.ts';
import { listOf, type Table, tableOf, textOf, textsOf } from '../manifest/loose.ts';
import type { FileSource } from '../manifest/manifest.ts';
import { readToml } from '../manifest/read-document.ts';
import { tryParseProjectName } from '../python/name.ts';

/**
 * Which packages only a group needs, for lock files of Poetry 1.5 to 2.0: those have neither a category nor groups, so that
 * the pyproject.toml beside them says what is asked for, and the lock what that leads to. Without it nothing is labelled.
 */
export function poetryGroups(packages: readonly Table[], file: string, source: FileSource): ReadonlyMap<Table, string> {
  const groups = new Map<Table, string>();
  if (packages.some(({ category, groups: own }) => category !== undefined || own !== undefined)) return groups;
  const root = readPyproject(source.resolve(file, 'pyproject.toml'), source);
  if (root === undefined) return groups;
  const byName = new Map<string, Table[]>();
  for (const entry of packages) {
    const name = normal(textOf(entry.name) ?? '');
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  const [main, ...others] = askedFor(root);
  const needed = reach(main!.names, byName);
  for (const { group, names } of others) {
    for (const entry of reach(names, byName)) {
      if (!needed.has(entry) && !groups.has(entry)) groups.set(entry, group);
    }
  }
  return groups;
}

function readPyproject(path: string, source: FileSource): Table | undefined {
  try {
    return readToml(source.read(path), path).root;
  } catch (error) {
    if (hasCode(error, 'INPUT_UNREADABLE')) return undefined;
    throw error;
  }
}

/** What the project itself asks for, then what each group does. */
function askedFor(root: Table): readonly { readonly group: string; readonly names: readonly string[] }[] {
  const project = tableOf(root.project);
  const poetry = tableOf(tableOf(root.tool).poetry);
  const strings = (value: unknown) => textsOf(value).map((text) => /^[\w.-]+/.exec(text)?.[0] ?? '');
  const extras = Object.values(tableOf(project['optional-dependencies'])).flatMap(strings);
  return [
    {
      group: 'main',
      names: [...Object.keys(tableOf(poetry.dependencies)), ...strings(project.dependencies), ...extras],
    },
    { group: 'dev', names: Object.keys(tableOf(poetry['dev-dependencies'])) },
    ...Object.entries(tableOf(poetry.group)).map(([group, table]) => ({
      group,
      names: Object.keys(tableOf(tableOf(table).dependencies)),
    })),
    ...Object.entries(tableOf(root['dependency-groups'])).map(([group, list]) => ({
      group,
      names: strings(listOf(list)),
    })),
  ];
}

function reach(names: readonly string[], byName: ReadonlyMap<string, readonly Table[]>): ReadonlySet<Table> {
  const seen = new Set<Table>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const entry of byName.get(normal(name)) ?? []) {
      if (seen.has(entry)) continue;
      seen.add(entry);
      queue.push(...Object.keys(tableOf(entry.dependencies)));
    }
  }
  return seen;
}

function normal(name: string): string {
  return tryParseProjectName(name) ?? name;
}
