import { listOf, type Table, tableOf, textOf } from '../manifest/loose.ts';

/**
 * Which packages of uv.lock only an extra or a group of the team's own packages needs, and which one.
 * What the own packages need by themselves, and what nothing seems to need, has no entry.
 */
export function reachedGroups(
  packages: readonly Table[],
  isOwn: (entry: Table) => boolean,
): ReadonlyMap<Table, string> {
  const byName = new Map<string, Table[]>();
  for (const entry of packages) {
    const name = textOf(entry.name) ?? '';
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  const own = packages.filter(isOwn);
  const main = reach(
    own.flatMap(({ dependencies }) => listOf(dependencies)),
    byName,
  );
  const groups = new Map<Table, string>();
  for (const field of ['optional-dependencies', 'dev-dependencies']) {
    for (const entry of own) {
      for (const [group, needs] of Object.entries(tableOf(entry[field]))) {
        for (const reached of reach(listOf(needs), byName)) {
          if (!main.has(reached) && !groups.has(reached)) groups.set(reached, group);
        }
      }
    }
  }
  return groups;
}

/** Everything that these dependencies lead to; an extra that is asked for somewhere counts everywhere. */
function reach(needs: readonly unknown[], byName: ReadonlyMap<string, readonly Table[]>): ReadonlySet<Table> {
  const seen = new Set<Table>();
  const seenExtras = new Set<string>();
  const queue = needs.map(tableOf);
  for (let need = queue.pop(); need !== undefined; need = queue.pop()) {
    const version = textOf(need.version);
    const extras = listOf(need.extra ?? need.extras).map(String);
    for (const entry of byName.get(textOf(need.name) ?? '') ?? []) {
      if (version !== undefined && textOf(entry.version) !== version) continue;
      if (!seen.has(entry)) {
        seen.add(entry);
        queue.push(...listOf(entry.dependencies).map(tableOf));
      }
      for (const extra of extras) {
        const key = `${textOf(entry.name)}[${extra}]${textOf(entry.version)}`;
        if (seenExtras.has(key)) continue;
        seenExtras.add(key);
        queue.push(...listOf(tableOf(entry['optional-dependencies'])[extra]).map(tableOf));
      }
    }
  }
  return seen;
}
