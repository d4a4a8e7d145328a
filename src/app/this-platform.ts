const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macos', win32: 'windows' };
const MACHINES: Partial<Record<string, Partial<Record<NodeJS.Platform, string>>>> = {
  x64: { win32: 'AMD64' },
  arm64: { linux: 'aarch64', win32: 'ARM64' },
};

/** This machine in the words of `--platform`, with the machine as markers call it. */
export function thisPlatform(): string {
  const { platform, arch } = process;
  const machine = MACHINES[arch]?.[platform] ?? (arch === 'x64' ? 'x86_64' : arch);
  return `${SYSTEMS[platform] ?? platform}-${machine}`;
}
