/** What was there before the change that an audit is about: findings that are known, and the versions that had them. */
export type Baseline = {
  /** By `baselineKeys`. */
  readonly keys: ReadonlySet<string>;
  /** Versions by project; absent when an earlier report is all there is. */
  readonly versions?: ReadonlyMap<string, readonly string[]>;
};

/**
 * What a finding and an earlier one have in common when they are the same: the project and any id, whichever version and
 * line the earlier report had.
 */
export function baselineKeys({
  project,
  ids,
}: {
  readonly project: string;
  readonly ids: readonly string[];
}): readonly string[] {
  return ids.map((id) => `${project} ${id}`);
}
