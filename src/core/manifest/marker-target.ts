import { hasCode, WheelgateError } from '../errors.ts';
import { evaluateMarker, type MarkerEnvironment } from '../python/evaluate-marker.ts';
import { type EnvironmentVariable, type Marker, type MarkerComparison, parseMarker } from '../python/marker.ts';
import { quoted } from '../python/quoted.ts';

/** What is known of the place where the pins are installed; everything else may be anything. */
export type MarkerTarget = Partial<Readonly<Record<EnvironmentVariable | 'extra', string>>>;

const PLATFORMS: Readonly<Record<string, MarkerTarget>> = {
  linux: { sys_platform: 'linux', platform_system: 'Linux', os_name: 'posix' },
  macos: { sys_platform: 'darwin', platform_system: 'Darwin', os_name: 'posix' },
  windows: { sys_platform: 'win32', platform_system: 'Windows', os_name: 'nt' },
};

/**
 * Reads `--python 3.12` or `3.12.1` and `--platform linux`, `macos` or `windows`, with a machine as in `linux-x86_64`.
 * @throws {WheelgateError} USAGE
 */
export function parseTarget(python: string | undefined, platform: string | undefined): MarkerTarget {
  const version = python === undefined ? undefined : /^(\d+\.\d+)(\.\d+)?$/.exec(python);
  if (version === null) throw usage(`${quoted(python!)} is no Python version`, 'Write it as 3.12 or 3.12.1.');
  const [, name = '', machine] = /^([a-z]+)(?:-([\w.]+))?$/.exec(platform ?? '') ?? [];
  const known = Object.hasOwn(PLATFORMS, name) ? PLATFORMS[name] : undefined;
  if (platform !== undefined && known === undefined) {
    throw usage(`${quoted(platform)} is no platform`, 'Write linux, macos or windows, with a machine: linux-x86_64.');
  }
  return {
    ...(version?.[1] && { python_version: version[1] }),
    ...(version?.[2] && { python_full_version: version[0] }),
    ...known,
    ...(machine !== undefined && { platform_machine: machine }),
  };
}

/** False only when the marker cannot hold there, whatever the unknown variables are. One that cannot be read may hold. */
export function mayApply(marker: string | undefined, target: MarkerTarget): boolean {
  if (marker === undefined) return true;
  try {
    return mayHold(parseMarker(marker), target);
  } catch (error) {
    if (hasCode(error, 'MARKER_INVALID')) return true;
    throw error;
  }
}

/** The same for a marker that was read. @throws {WheelgateError} MARKER_INVALID for a comparison without meaning */
// Markers have no "not", so that an unknown comparison taken as true never makes the whole less likely.
export function mayHold(marker: Marker, target: MarkerTarget): boolean {
  switch (marker.kind) {
    case 'and':
      return marker.markers.every((part) => mayHold(part, target));
    case 'or':
      return marker.markers.some((part) => mayHold(part, target));
    case 'comparison':
      return !isKnown(marker, target) || evaluateMarker(marker, target as MarkerEnvironment);
  }
}

function isKnown({ left, right }: MarkerComparison, target: MarkerTarget): boolean {
  return [left, right].every((side) => side.kind === 'value' || side.name in target);
}

function usage(message: string, help: string): WheelgateError {
  return new WheelgateError('USAGE', message, help);
}
