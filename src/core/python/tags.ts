/**
 * The compatibility tags of a wheel (PEP 425), compressed as in its file name: it fits every combination of one entry of
 * each list. Lower case, without repetitions, in the order written.
 */
export type WheelTags = {
  readonly python: readonly string[];
  readonly abi: readonly string[];
  readonly platform: readonly string[];
};

/** Reads `py2.py3-none-any`; undefined when that is not three dotted lists of tags. */
export function tryParseTags(text: string): WheelTags | undefined {
  const [python, abi, platform, ...rest] = text.toLowerCase().split('-').map(dotted);
  if (python === undefined || abi === undefined || platform === undefined || rest.length > 0) return undefined;
  return { python, abi, platform };
}

function dotted(list: string): readonly string[] | undefined {
  const tags = list.split('.');
  return tags.every((tag) => /^[a-z0-9_]+$/.test(tag)) ? [...new Set(tags)] : undefined;
}
