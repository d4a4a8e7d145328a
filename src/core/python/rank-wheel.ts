import { expandTags, type WheelTags } from './tags.ts';

/** The Python for which a file is wanted. A plain, unchanging object: its list of tags is built once per object. */
export type WheelTarget = {
  /** `[3, 11]`. */
  readonly python: readonly [major: number, minor: number];
  readonly implementation: 'cpython' | 'pypy';
  /** Platform tags, best first (platform-tags.ts). */
  readonly platforms: readonly string[];
};

/** No Python has come near; a User-Agent may claim anything, and every minor version below it is a tag. */
const NEWEST_MINOR = 99;

const ranks = new WeakMap<WheelTarget, ReadonlyMap<string, number>>();

/**
 * How well a wheel fits, as pip orders them: 0 is best, undefined does not fit. Native wheels for this very Python come
 * first, then the stable ABI, then pure wheels (PEP 425, "Use").
 */
export function rankWheel(tags: WheelTags, target: WheelTarget): number | undefined {
  let order = ranks.get(target);
  if (order === undefined) {
    order = new Map(supportedTags(target).map((tag, rank) => [tag, rank]));
    ranks.set(target, order);
  }
  let best: number | undefined;
  for (const tag of expandTags(tags)) {
    const rank = order.get(tag);
    if (rank !== undefined && (best === undefined || rank < best)) best = rank;
  }
  return best;
}

/** Every tag that the target installs, best first. */
export function supportedTags({ python, implementation, platforms }: WheelTarget): readonly string[] {
  const major = python[0];
  const minor = Math.min(python[1], NEWEST_MINOR);
  const isCPython = implementation === 'cpython';
  const interpreter = `${isCPython ? 'cp' : 'pp'}${major}${minor}`;
  const onPlatforms = (tag: string) => platforms.map((platform) => `${tag}-${platform}`);
  const abi = isCPython ? cpythonAbi(major, minor) : `pypy${major}${minor}_pp73`;
  // The stable ABI began with CPython 3.2.
  const stable = isCPython && major === 3 && minor >= 2;
  const pure = purePythons(major, minor);
  return [
    ...onPlatforms(`${interpreter}-${abi}`),
    ...(stable ? onPlatforms(`${interpreter}-abi3`) : []),
    ...onPlatforms(`${interpreter}-none`),
    ...(stable ? countDown(minor - 1, 2).flatMap((older) => onPlatforms(`cp3${older}-abi3`)) : []),
    ...pure.flatMap((tag) => onPlatforms(`${tag}-none`)),
    `${isCPython ? interpreter : `pp${major}`}-none-any`,
    ...pure.map((tag) => `${tag}-none-any`),
  ];
}

/** Up to 3.7 the ABI says "built with pymalloc", and on 2.7 "wide characters"; both are how Linux and PyPI have them. */
function cpythonAbi(major: number, minor: number): string {
  if (major === 2) return `cp${major}${minor}mu`;
  return `cp${major}${minor}${minor < 8 ? 'm' : ''}`;
}

/** `py311`, `py3`, `py310`, ... `py30`. */
function purePythons(major: number, minor: number): readonly string[] {
  return [`py${major}${minor}`, `py${major}`, ...countDown(minor - 1, 0).map((older) => `py${major}${older}`)];
}

function countDown(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, from - to + 1) }, (_, i) => from - i);
}
