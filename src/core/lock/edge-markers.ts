import { listOf, type Table, tableOf, textOf } from '../manifest/loose.ts';

/** `true`: needed everywhere. Else needed where all markers of one of these sets hold. */
type Condition = true | readonly ReadonlySet<string>[];

/** A condition of more parts than this is taken for "everywhere", which never leaves anything out. */
const MAX_PARTS = 12;

/**
 * Under which markers uv.lock needs a package: those of the edges that lead to it from the team's own packages. Nothing is
 * said of a package that some path reaches without a marker, nor of one that no path reaches.
 */
export function edgeMarkers(packages: readonly Table[], isOwn: (entry: Table) => boolean): ReadonlyMap<Table, string> {
  const byName = new Map<string, Table[]>();
  for (const entry of packages) {
    const name = textOf(entry.name) ?? '';
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  const conditions = new Map<Table, Condition>();
  const queue: Table[] = packages.filter(isOwn);
  for (const entry of queue) conditions.set(entry, true);
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const above = conditions.get(entry)!;
    for (const edge of edgesOf(entry)) {
      const version = textOf(edge.version);
      for (const target of byName.get(textOf(edge.name) ?? '') ?? []) {
        if (version !== undefined && textOf(target.version) !== version) continue;
        const before = conditions.get(target);
        const now = either(before, both(above, textOf(edge.marker)));
        if (isSame(before, now)) continue;
        conditions.set(target, now);
        queue.push(target);
      }
    }
  }
  const markers = new Map<Table, string>();
  for (const [entry, condition] of conditions) {
    if (condition !== true) markers.set(entry, condition.map(sayAll).join(' or '));
  }
  return markers;
}

/** All dependencies, also those of extras and groups: what only these need is needed somewhere. */
function edgesOf(entry: Table): readonly Table[] {
  const named = [entry['optional-dependencies'], entry['dev-dependencies']].flatMap((table) =>
    Object.values(tableOf(table)).flatMap(listOf),
  );
  return [...listOf(entry.dependencies), ...named].map(tableOf);
}

function both(above: Condition, marker: string | undefined): Condition {
  if (marker === undefined) return above;
  return above === true ? [new Set([marker])] : simplest(above.map((part) => new Set([...part, marker])));
}

function either(before: Condition | undefined, now: Condition): Condition {
  if (before === undefined) return now;
  return before === true || now === true ? true : simplest([...before, ...now]);
}

/** A part that asks for more than another one adds nothing: so a cycle adds nothing either. */
function simplest(parts: readonly ReadonlySet<string>[]): Condition {
  const kept: ReadonlySet<string>[] = [];
  for (const part of [...parts].sort((a, b) => a.size - b.size)) {
    if (!kept.some((smaller) => [...smaller].every((marker) => part.has(marker)))) kept.push(part);
  }
  return kept.length > MAX_PARTS ? true : kept;
}

/** What was there before is still in the new condition, or absorbed by less. */
function isSame(before: Condition | undefined, now: Condition): boolean {
  if (before === undefined || before === true || now === true) return before === now;
  return before.length === now.length && before.every((part, at) => part.size === now[at]!.size);
}

function sayAll(part: ReadonlySet<string>): string {
  return `(${[...part].map((marker) => `(${marker})`).join(' and ')})`;
}
