/**
 * The compatibility tags of a wheel (PEP 425), compressed as in its file name: it fits every combination of one entry of
 * each list. Lower case, without repetitions, in the order written.
 */
export type WheelTags = {
  readonly python: readonly string[];
  readonly abi: readonly string[];
  readonly platform: readonly string[];
};

/** A family of operating systems as a wheel's platform tags name it; `any` for wheels that run everywhere. */
export type Platform = 'any' | 'linux' | 'macos' | 'windows' | 'other';

/** Reads `py2.py3-none-any`; undefined when that is not three dotted lists of tags. */
export function tryParseTags(text: string): WheelTags | undefined {
  const [python, abi, platform, ...rest] = text.split('-').map(dotted);
  if (python === undefined || abi === undefined || platform === undefined || rest.length > 0) return undefined;
  return { python, abi, platform };
}

/** Every single tag, such as `py3-none-any`. File names are short, so that there are never many. */
export function expandTags({ python, abi, platform }: WheelTags): readonly string[] {
  return python.flatMap((first) => abi.flatMap((second) => platform.map((third) => `${first}-${second}-${third}`)));
}

/** Nothing in the wheel depends on an ABI or a platform, so that it should hold no native code. */
export function isPure({ abi, platform }: WheelTags): boolean {
  return abi.every((tag) => tag === 'none') && platform.every((tag) => tag === 'any');
}

/** The platforms for which the wheel is meant, each once. */
export function platformsOf({ platform }: WheelTags): readonly Platform[] {
  return [...new Set(platform.map(platformOf))];
}

function platformOf(tag: string): Platform {
  if (tag === 'any') return 'any';
  if (/^(?:linux|manylinux|musllinux)/.test(tag)) return 'linux';
  if (tag.startsWith('macosx_')) return 'macos';
  return tag.startsWith('win') ? 'windows' : 'other';
}

function dotted(list: string): readonly string[] | undefined {
  // Before lower case, which turns U+212A (Kelvin sign) into "k".
  if (!/^\w+(?:\.\w+)*$/.test(list)) return undefined;
  return [...new Set(list.toLowerCase().split('.'))];
}
