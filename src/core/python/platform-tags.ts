/** The names that predate `manylinux_x_y` (PEP 600), by the glibc that they stand for. */
const LEGACY_MANYLINUX: ReadonlyMap<number, string> = new Map([
  [17, 'manylinux2014'],
  [12, 'manylinux2010'],
  [5, 'manylinux1'],
]);

/** No system has come near; a User-Agent may claim anything, and every number below it is a tag. */
const NEWEST = 99;

/**
 * The platform tags that a Linux machine accepts, best first.
 * @param machine as `uname -m` prints it: `x86_64`, `aarch64`
 * @param libc which C library and its version, as in `{ name: 'glibc', version: [2, 36] }`; absent: not known
 */
export function linuxPlatforms(
  machine: string,
  libc?: { readonly name: 'glibc' | 'musl'; readonly version: readonly [major: number, minor: number] },
): readonly string[] {
  const tags: string[] = [];
  const [major, minor] = libc?.version ?? [0, 0];
  if (libc?.name === 'musl') {
    for (let m = Math.min(minor, NEWEST); m >= 0; m -= 1) tags.push(`musllinux_${major}_${m}_${machine}`);
  } else if (libc !== undefined && major === 2) {
    const oldest = machine === 'x86_64' || machine === 'i686' ? 5 : 17;
    for (let m = Math.min(minor, NEWEST); m >= oldest; m -= 1) {
      tags.push(`manylinux_2_${m}_${machine}`);
      const legacy = LEGACY_MANYLINUX.get(m);
      if (legacy !== undefined) tags.push(`${legacy}_${machine}`);
    }
  }
  return [...tags, `linux_${machine}`];
}

/** The platform tags that a Mac with macOS 11 or newer accepts, best first. */
export function macosPlatforms(machine: 'x86_64' | 'arm64', majorVersion: number): readonly string[] {
  const formats =
    machine === 'arm64' ? ['arm64', 'universal2'] : ['x86_64', 'intel', 'fat64', 'fat3', 'universal2', 'universal'];
  const tags: string[] = [];
  for (let major = Math.min(majorVersion, NEWEST); major > 10; major -= 1) {
    tags.push(...formats.map((format) => `macosx_${major}_0_${format}`));
  }
  for (let minor = 16; minor >= 4; minor -= 1) {
    tags.push(...formats.filter((format) => format !== 'arm64').map((format) => `macosx_10_${minor}_${format}`));
  }
  return tags;
}
