import { encodeFilePath } from '../core/index/file-path.ts';
import { approvalOf, awaitsInspection, type GateRelease, isOfferedFile } from '../core/lock/gate-release.ts';
import type { LockedFile, LockedRelease, LockHeader } from '../core/lock/lock-document.ts';
import { requirementsDigest } from '../core/lock/lock-header.ts';
import type { LockOutcome } from '../core/lock/lock-outcome.ts';
import type { Resolution, ResolvedPin } from '../core/lock/resolution.ts';
import type { DirectRequirement, DirectRequirements } from '../core/manifest/direct-requirements.ts';
import type { Pin } from '../core/manifest/manifest.ts';
import type { ProjectName } from '../core/python/name.ts';
import { formatRequirement } from '../core/python/requirement.ts';
import { compareVersions, parseVersion, tryParseVersion } from '../core/python/version.ts';
import { parseSha256 } from '../core/sha256.ts';
import { findMissing, newestWithheld, withheldRelease } from './find-withheld.ts';
import { inGroups } from './in-groups.ts';
import type { GateReader, Resolver } from './ports.ts';

export type LockRequest = {
  readonly inputs: DirectRequirements;
  readonly described: Pick<LockHeader, 'command' | 'inputs' | 'extras' | 'groups'>;
  /** Of the lock as it stands; they are kept where they fit. */
  readonly previous: readonly Pin[];
  /** What may move: everything, or these projects. */
  readonly upgrade: 'all' | ReadonlySet<ProjectName>;
  readonly python?: string;
  readonly platform?: string;
  /** What this machine is called, when no platform is asked for. */
  readonly thisPlatform: string;
  readonly isUniversal: boolean;
  readonly builds: boolean;
  /** Leave out what no index serves, rather than refuse. */
  readonly leaveOut: boolean;
};

/**
 * Locks what a team asks for: resolves against the gate, then takes every file that the gate offers of each release. A
 * release of which it offers nothing is never locked.
 */
export async function lockRequirements(
  gate: GateReader,
  resolver: Resolver,
  request: LockRequest,
): Promise<LockOutcome> {
  const { inputs } = request;
  if (inputs.errors.length > 0 || (inputs.unlockable.length > 0 && !request.leaveOut)) {
    return { kind: 'unreadable', errors: inputs.errors, unlockable: request.leaveOut ? [] : inputs.unlockable };
  }
  if (inputs.requirements.length === 0) return { kind: 'nothing' };
  const { preferences, moved } = await keepPins(gate, request);
  const resolution = await resolver.resolve({
    requirements: inputs.requirements.map(requirementText),
    constraints: inputs.constraints.map(constraintText),
    preferences,
    isUniversal: request.isUniversal,
    prereleases: inputs.prereleases,
    builds: request.builds,
    ...(request.python !== undefined && { python: request.python }),
    ...(request.platform !== undefined && { platform: request.platform }),
  });
  if (resolution.kind === 'failed') {
    const missing = await findMissing(gate, inputs.requirements, resolution.output);
    return { kind: 'unresolved', resolver: resolution.resolver, output: resolution.output, missing };
  }
  const found = await inGroups(resolution.pins, async (pin) => ({
    pin,
    release: await gate.release(pin.project, pin.version),
  }));
  const withheld = found.filter(
    ({ release }) => !release.files.some((file) => isOfferedFile(file) && file.sha256 !== null),
  );
  if (withheld.length > 0) {
    return {
      kind: 'withheld',
      withheld: withheld.map(({ pin: { project, version }, release }) =>
        withheldRelease(gate, project, version, release.files, inputs.requirements),
      ),
    };
  }
  const releases = found.map(({ pin, release }) => lockedRelease(gate, pin, release, inputs.requirements));
  return {
    kind: 'locked',
    document: {
      header: headerOf(
        gate,
        request,
        resolution,
        found.map(({ release }) => release),
      ),
      releases: releases.sort(byProject),
      onlyWheels: !request.builds,
    },
    remarks: [
      ...moved,
      ...(resolution.droppedPreferences
        ? ['the pins of the lock do not fit the requirements any more: all were chosen anew']
        : []),
      ...(await newerWithheld(gate, inputs.requirements, resolution.pins)),
      ...found.flatMap(({ pin, release }) => remarksOn(pin, release)),
    ],
  };
}

/** Pins stay, but not those of releases that the gate withholds now: a lock that must move shall be able to. */
async function keepPins(gate: GateReader, { previous, upgrade }: LockRequest) {
  const kept = upgrade === 'all' ? [] : previous.filter(({ project }) => !upgrade.has(project));
  const parsed = kept.filter(({ version }) => tryParseVersion(version) !== undefined);
  const asked = await inGroups(parsed, async (pin) => ({ pin, release: await gate.release(pin.project, pin.version) }));
  const isThere = ({ release }: (typeof asked)[number]) => release.files.some(isOfferedFile);
  return {
    preferences: [...new Set(asked.filter(isThere).map(({ pin }) => `${pin.project}==${pin.version}`))],
    moved: asked
      .filter((one) => !isThere(one))
      .map(({ pin, release }) => {
        const { verdict, reason } = withheldRelease(gate, pin.project, pin.version, release.files, []);
        return `${pin.project} ${pin.version} was locked and is ${verdict === 'hold' ? 'held' : 'blocked'} now: ${reason}`;
      }),
  };
}

function lockedRelease(
  gate: GateReader,
  { project, version, marker, via }: ResolvedPin,
  { files }: GateRelease,
  requirements: readonly DirectRequirement[],
): LockedRelease {
  const offered = files.filter(isOfferedFile);
  const root = new URL('../', gate.indexUrl).href;
  const direct = requirements.filter(({ requirement }) => requirement.project === project);
  return {
    project,
    version,
    ...(marker !== undefined && { marker }),
    files: offered
      .flatMap((file): LockedFile[] => {
        if (file.sha256 === null) return [];
        return [
          {
            filename: file.filename,
            sha256: parseSha256(file.sha256),
            url: root + encodeFilePath(file.path),
            ...(file.size !== null && { size: file.size }),
            ...(file.uploadTime !== null && { uploadTime: new Date(file.uploadTime) }),
          },
        ];
      })
      .sort((a, b) => (a.filename < b.filename ? -1 : 1)),
    via: [...new Set([...[...via].sort(), ...direct.map(({ origin }) => origin).sort()])],
    approved: approvalOf(offered),
    withProvenance: offered.filter(({ provenance }) => provenance).length,
  };
}

function headerOf(
  gate: GateReader,
  { inputs, described, isUniversal, platform, thisPlatform }: LockRequest,
  { resolver, python }: Resolution & { readonly kind: 'resolved' },
  releases: readonly GateRelease[],
): LockHeader {
  const advisories = releases.flatMap(({ advisoriesAsOf }) => advisoriesAsOf ?? []).sort()[0];
  return {
    ...described,
    requirements: requirementsDigest(inputs),
    gate: gate.indexUrl,
    policyRevision: releases[0]?.policyRevision ?? '',
    resolver,
    ...(advisories !== undefined && { advisories: advisories.slice(0, 10) }),
    ...(python !== undefined && { python }),
    ...(!isUniversal && { platform: platform ?? thisPlatform }),
    leftOut: inputs.unlockable.map(({ requirement, reason }) => `${requirement} (${reason})`),
  };
}

/** Newer releases of what the team asks for that are withheld: the answer to "why not the newest?". */
async function newerWithheld(
  gate: GateReader,
  requirements: readonly DirectRequirement[],
  pins: readonly ResolvedPin[],
): Promise<readonly string[]> {
  const asked = new Set(requirements.map(({ requirement }) => requirement.project));
  const lines = await inGroups([...asked], async (project) => {
    const release = await gate.release(project);
    const version = newestWithheld(project, release, requirements);
    const locked = pins.filter((pin) => pin.project === project).map((pin) => parseVersion(pin.version));
    if (version === undefined || locked.some((one) => compareVersions(one, parseVersion(version)) >= 0)) return [];
    const { files } = await gate.release(project, version);
    const { verdict, reason, reviewUrl } = withheldRelease(gate, project, version, files, []);
    return [`${project} ${version} is ${verdict === 'hold' ? 'held' : 'blocked'}: ${reason}; ${reviewUrl}`];
  });
  return lines.flat();
}

function remarksOn({ project, version }: ResolvedPin, { files }: GateRelease): readonly string[] {
  const offered = files.filter(isOfferedFile);
  const unread = offered.filter(awaitsInspection).length;
  const nameless = offered.filter(({ sha256 }) => sha256 === null).length;
  const subject = `${project} ${version}`;
  return [
    ...(unread === 0
      ? []
      : [`${subject}: ${unread} of ${offered.length} files are inspected when they are first asked for`]),
    ...(nameless === 0
      ? []
      : [`${subject}: ${nameless} of ${offered.length} files have no digest upstream and are not locked`]),
  ];
}

function requirementText({ requirement }: DirectRequirement): string {
  return formatRequirement(requirement);
}

/** pip refuses extras in constraints, where they mean nothing. */
function constraintText({ requirement }: DirectRequirement): string {
  return formatRequirement({ ...requirement, extras: [] });
}

function byProject(a: LockedRelease, b: LockedRelease): number {
  if (a.project !== b.project) return a.project < b.project ? -1 : 1;
  return compareVersions(parseVersion(a.version), parseVersion(b.version));
}
