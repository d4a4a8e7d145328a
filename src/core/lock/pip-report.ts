import { hasCode, WheelgateError } from '../errors.ts';
import { listOf, tableOf, textOf, textsOf } from '../manifest/loose.ts';
import type { MarkerEnvironment } from '../python/evaluate-marker.ts';
import { type ProjectName, tryParseProjectName } from '../python/name.ts';
import { type Requirement, requirementApplies, tryParseRequirement } from '../python/requirement.ts';
import { parseVersion } from '../python/version.ts';
import type { ResolvedPin } from './resolution.ts';

type Installed = {
  readonly project: ProjectName;
  readonly version: string;
  readonly requires: readonly Requirement[];
  readonly extras: Set<string>;
};

/**
 * Reads the installation report of `pip install --dry-run --report` (version 1): what would be installed, and who asks for
 * it, by the metadata in the report.
 * @throws {WheelgateError} RESOLUTION_FAILED for another version of the report, or one that cannot be read
 */
export function readPipReport(text: string): {
  readonly pins: readonly ResolvedPin[];
  readonly pip: string;
  readonly python: string | undefined;
} {
  const root = parseReport(text);
  const environment = tableOf(root.environment) as MarkerEnvironment;
  const installed = listOf(root.install).map(readInstalled);
  const byName = new Map(installed.map((one) => [one.project, one]));
  const via = new Map<ProjectName, Set<string>>(installed.map(({ project }) => [project, new Set()]));
  // An extra that one project asks of another brings its own requirements: until nothing changes.
  for (let grew = true; grew; ) {
    grew = false;
    for (const { project, requires, extras } of installed) {
      for (const requirement of requires) {
        const needed = byName.get(requirement.project);
        if (needed === undefined || !applies(requirement, environment, [...extras])) continue;
        if (requirement.project !== project) via.get(requirement.project)!.add(project);
        for (const extra of requirement.extras) {
          if (needed.extras.has(extra)) continue;
          needed.extras.add(extra);
          grew = true;
        }
      }
    }
  }
  return {
    pins: installed.map(({ project, version }) => ({ project, version, via: [...via.get(project)!].sort() })),
    pip: textOf(root.pip_version) ?? '',
    python: textOf(tableOf(root.environment).python_full_version),
  };
}

function parseReport(text: string) {
  try {
    const root = tableOf(JSON.parse(text));
    if (root.version === '1') return root;
  } catch (error) {
    throw unreadable(error);
  }
  throw unreadable();
}

function readInstalled(value: unknown): Installed {
  const entry = tableOf(value);
  const metadata = tableOf(entry.metadata);
  const project = tryParseProjectName(textOf(metadata.name) ?? '');
  if (project === undefined) throw unreadable();
  return {
    project,
    version: parseVersion(textOf(metadata.version) ?? '').text,
    requires: textsOf(metadata.requires_dist).flatMap((one) => tryParseRequirement(one) ?? []),
    extras: new Set(textsOf(entry.requested_extras).map((extra) => tryParseProjectName(extra) ?? extra)),
  };
}

function applies(requirement: Requirement, environment: MarkerEnvironment, extras: readonly string[]): boolean {
  try {
    return requirementApplies(requirement, environment, ['', ...extras]);
  } catch (error) {
    if (hasCode(error, 'MARKER_INVALID')) return false;
    throw error;
  }
}

function unreadable(cause?: unknown): WheelgateError {
  return new WheelgateError(
    'RESOLUTION_FAILED',
    'the report of pip cannot be read',
    'pip 22.2 and newer write one that can; install such a pip, or uv.',
    cause,
  );
}
