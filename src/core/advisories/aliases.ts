/** Ids that say the same, as far as records name each other: `related` and `upstream` are other relations. */
export type Aliased = { readonly id: string; readonly aliases: readonly string[] };

/**
 * Closes the alias relation, which is symmetric and transitive (OSV schema, "aliases"), over records: A~B and B~C make
 * one group of three, whether or not a record exists for each of them.
 * @returns for every id that a record has or names, the sorted ids of its group, itself included; members share one array
 */
export function aliasGroups(records: readonly Aliased[]): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string>();
  const root = (id: string): string => {
    let top = id;
    for (let up = parents.get(top); up !== undefined && up !== top; up = parents.get(top)) top = up;
    // Later look-ups take one step.
    for (let at = id; at !== top; ) {
      const up = parents.get(at) ?? top;
      parents.set(at, top);
      at = up;
    }
    parents.set(top, top);
    return top;
  };
  for (const { id, aliases } of records) {
    root(id);
    for (const alias of aliases) parents.set(root(alias), root(id));
  }
  const groups = new Map<string, string[]>();
  for (const id of [...parents.keys()].sort()) {
    const top = root(id);
    const group = groups.get(top);
    if (group === undefined) groups.set(top, [id]);
    else group.push(id);
  }
  return new Map([...parents.keys()].map((id) => [id, groups.get(root(id))!]));
}

/** Databases in the order in which their id names a group: the reports of malice first, then those about Python. */
const PREFERENCE = ['MAL', 'PYSEC', 'GHSA', 'CVE'];

/** For `sort`: the id that a person should see is first. Ids of databases not in `preference` come last, by text. */
export function compareIds(a: string, b: string, preference: readonly string[] = PREFERENCE): number {
  const rank = (id: string) => {
    const at = preference.indexOf(id.slice(0, Math.max(id.indexOf('-'), 0)));
    return at === -1 ? preference.length : at;
  };
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
