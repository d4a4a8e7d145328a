/** What each file of a project is for a team that moves over: what it asks for, or what it has installed so far. */
export type AdoptionFiles = {
  readonly direct: readonly string[];
  readonly locks: readonly string[];
};

const LOCK = /(?:^|[\\/])(?:uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pylock\.(?:[^.\\/]+\.)?toml)$/;
const COMPILED = /(?:^|[\\/])[^\\/]*requirements[^\\/]*\.txt$/;

/** Sorts files by what they are; a requirements.txt beside its .in was made from that. A Pipfile is read by its lock. */
export function sortAdoptionFiles(paths: readonly string[]): AdoptionFiles {
  const isCompiled = (path: string) => COMPILED.test(path) && paths.includes(path.replace(/\.txt$/, '.in'));
  const locks = paths.filter((path) => LOCK.test(path) || isCompiled(path));
  return { direct: paths.filter((path) => !locks.includes(path) && !/(?:^|[\\/])Pipfile$/.test(path)), locks };
}

/** Where the lock goes, and where the input goes whose place it takes. */
export type AdoptionTarget = { readonly lock: string; readonly moved?: { readonly from: string; readonly to: string } };

/**
 * A single requirements.txt keeps its name as the lock, for that is what everybody installs from, and what stood in it moves to
 * requirements.in; a requirements.in is locked beside itself; everything else goes into pylock.toml.
 */
export function adoptionTarget({ direct }: AdoptionFiles, output: string | undefined): AdoptionTarget {
  const [only, ...others] = direct;
  if (output !== undefined && output !== only) return { lock: output };
  if (only === undefined || others.length > 0) return { lock: 'pylock.toml' };
  if (/\.in$/.test(only)) return { lock: only.replace(/\.in$/, '.txt') };
  if (/\.txt$/.test(only)) return { lock: only, moved: { from: only, to: only.replace(/\.txt$/, '.in') } };
  return { lock: only.replace(/[^\\/]*$/, 'pylock.toml') };
}
