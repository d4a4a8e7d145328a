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
