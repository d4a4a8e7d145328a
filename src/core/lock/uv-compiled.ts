import { WheelgateError } from '../errors.ts';
import { tryParseProjectName } from '../python/name.ts';
import { quoted } from '../python/quoted.ts';
import { parseVersion } from '../python/version.ts';
import type { ResolvedPin } from './resolution.ts';

/**
 * Reads what `uv pip compile --annotation-style=line --no-header` writes: `name==1.0 ; marker  # via a, -r file`.
 * @throws {WheelgateError} RESOLUTION_FAILED for a line of another shape: nothing is passed over
 */
export function readUvCompiled(text: string): readonly ResolvedPin[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(readLine);
}

function readLine(line: string): ResolvedPin {
  const at = line.indexOf('  # via ');
  const requirement = (at === -1 ? line : line.slice(0, at)).trim();
  const [pin = '', marker] = requirement.split(/\s*;\s*(.*)/s);
  const [, name = '', version = ''] = /^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s=,]+)$/.exec(pin) ?? [];
  const project = tryParseProjectName(name);
  if (project === undefined) {
    throw new WheelgateError(
      'RESOLUTION_FAILED',
      `uv wrote ${quoted(line)}, which is no pin`,
      'Report it with the version of uv, or resolve with --resolver pip.',
    );
  }
  const via = at === -1 ? [] : line.slice(at + '  # via '.length).split(',');
  return {
    project,
    version: parseVersion(version).text,
    ...(marker !== undefined && { marker }),
    // Files are named by whoever asked: uv knows temporary ones only.
    via: via.map((one) => one.trim()).flatMap((one) => tryParseProjectName(one) ?? []),
  };
}
