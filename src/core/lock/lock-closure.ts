import { hasCode } from '../errors.ts';
import type { DirectRequirement } from '../manifest/direct-requirements.ts';
import type { Pin } from '../manifest/manifest.ts';
import { type MarkerTarget, mayApply } from '../manifest/marker-target.ts';
import { evaluateMarker, type MarkerEnvironment } from '../python/evaluate-marker.ts';
import type { Marker } from '../python/marker.ts';
import type { ProjectName } from '../python/name.ts';
import { formatRequirement, type Requirement, tryParseRequirement } from '../python/requirement.ts';
import { specifiersAllow } from '../python/specifier.ts';
import { tryParseVersion } from '../python/version.ts';

/** A pin and what its release needs, as far as that is known. */
export type PinNeeds = { readonly pin: Pin; readonly requiresDist: readonly string[] | null };

/** Something that the lock should hold and does not: `pins` are those of the project, none of which fits. */
export type Gap = {
  readonly requirement: Requirement;
  readonly pins: readonly Pin[];
  /** Who asks: a pin of the lock, or the team's own requirement. */
  readonly by: { readonly pin: Pin } | { readonly direct: DirectRequirement };
};

/**
 * What is missing from a lock: every requirement of the team and of each pin must have a pin that it allows. A requirement
 * whose marker asks for what is not known of the target counts as not asked: only certain gaps are told.
 */
export function lockGaps(
  needs: readonly PinNeeds[],
  direct: readonly DirectRequirement[],
  target: MarkerTarget,
): readonly Gap[] {
  const byProject = new Map<ProjectName, Pin[]>();
  const extras = new Map<ProjectName, Set<string>>();
  for (const { pin } of needs) byProject.set(pin.project, [...(byProject.get(pin.project) ?? []), pin]);
  const required = needs.map(({ pin, requiresDist }) => ({
    pin,
    requirements: (requiresDist ?? []).flatMap((text) => tryParseRequirement(text) ?? []),
  }));
  const addExtras = ({ project, extras: asked }: Requirement): boolean => {
    const known = extras.get(project) ?? new Set();
    const before = known.size;
    for (const extra of asked) known.add(extra);
    extras.set(project, known);
    return known.size > before;
  };
  for (const { requirement } of direct) addExtras(requirement);
  // An extra that one project asks of another brings its own requirements: until nothing changes.
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pin, requirements } of required) {
      for (const requirement of requirements) {
        if (isCertain(requirement.marker, target, extras.get(pin.project)) && addExtras(requirement)) grew = true;
      }
    }
  }
  const gapOf = (requirement: Requirement, by: Gap['by']): readonly Gap[] => {
    // A release that asks for an extra of itself asks for nothing new.
    if ('pin' in by && by.pin.project === requirement.project) return [];
    const pins = byProject.get(requirement.project) ?? [];
    return pins.some((pin) => allows(requirement, pin)) ? [] : [{ requirement, pins, by }];
  };
  return [
    ...direct
      .filter(({ requirement }) => isCertain(requirement.marker, target, undefined))
      .flatMap((one) => gapOf(one.requirement, { direct: one })),
    ...required.flatMap(({ pin, requirements }) =>
      requirements
        .filter(({ marker }) => isCertain(marker, target, extras.get(pin.project)))
        .flatMap((requirement) => gapOf(requirement, { pin })),
    ),
  ];
}

/** The requirement without its marker, as it is told to people. */
export function gapText({ marker: _, ...requirement }: Requirement): string {
  return formatRequirement(requirement);
}

function allows({ specifiers, url }: Requirement, { version }: Pin): boolean {
  const parsed = tryParseVersion(version);
  // Of a direct reference only the project is known.
  if (url !== undefined || parsed === undefined) return true;
  return specifiersAllow(specifiers, parsed, { prereleases: true });
}

/** True when the marker holds for sure, whatever is not known of the target. */
function isCertain(marker: Marker | undefined, target: MarkerTarget, extras: ReadonlySet<string> | undefined): boolean {
  if (marker === undefined) return true;
  if (!isKnown(marker, target)) return false;
  try {
    return ['', ...(extras ?? [])].some((extra) => evaluateMarker(marker, { ...target, extra } as MarkerEnvironment));
  } catch (error) {
    if (hasCode(error, 'MARKER_INVALID')) return false;
    throw error;
  }
}

function isKnown(marker: Marker, target: MarkerTarget): boolean {
  if (marker.kind !== 'comparison') return marker.markers.every((part) => isKnown(part, target));
  return [marker.left, marker.right].every(
    (side) => side.kind === 'value' || side.name === 'extra' || side.name in target,
  );
}

/** The pins that may be installed on the target. */
export function pinsFor(pins: readonly Pin[], target: MarkerTarget): readonly Pin[] {
  return pins.filter(({ marker }) => mayApply(marker, target));
}
