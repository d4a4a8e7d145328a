import type { AnalysisResult, UnitEvidence } from './analyse.ts';
import { CAPABILITIES, type Capability } from './capabilities.ts';
import { CONTEXTS } from './fact.ts';

/** What changed in the behaviour of a project from one release to another. */
export type BehaviourChange = {
  /** Capabilities that the new release has in a context where the old one has them neither then nor earlier. */
  readonly gained: readonly Capability[];
  /** The reverse. */
  readonly lost: readonly Capability[];
  /** Pieces of code that are new, or say more than they did, the strongest first. */
  readonly strengthened: readonly UnitEvidence[];
};

/** Sdists and folders hold everything below `<name>-<version>/`, which differs between releases. */
const TOP_FOLDER = /^[^/|]+-\d[^/|]*\//;

export function compareBehaviour(before: AnalysisResult, after: AnalysisResult): BehaviourChange {
  return {
    gained: gains(before.capabilities, after.capabilities),
    lost: gains(after.capabilities, before.capabilities),
    strengthened: strengthened(before.units, after.units),
  };
}

/** One per capability and context, the first place of it: which file has it now says little, that it is new says much. */
function gains(before: readonly Capability[], after: readonly Capability[]): Capability[] {
  const earliest = new Map<string, number>();
  for (const { capability, context } of before) {
    const rank = CONTEXTS.indexOf(context);
    earliest.set(capability, Math.min(rank, earliest.get(capability) ?? rank));
  }
  const gained: Capability[] = [];
  for (const each of after) {
    const known = earliest.get(each.capability);
    if (known !== undefined && known <= CONTEXTS.indexOf(each.context)) continue;
    if (gained.some(({ capability, context }) => capability === each.capability && context === each.context)) continue;
    gained.push(each);
  }
  return gained.sort(
    (a, b) =>
      CONTEXTS.indexOf(a.context) - CONTEXTS.indexOf(b.context) ||
      CAPABILITIES.indexOf(a.capability) - CAPABILITIES.indexOf(b.capability),
  );
}

/** Code moves between files and functions: a unit only counts by what no unit of the old release showed as strongly. */
function strengthened(before: readonly UnitEvidence[], after: readonly UnitEvidence[]): UnitEvidence[] {
  const sameName = new Map(before.map((unit) => [unit.name.replace(TOP_FOLDER, ''), unit.evidence]));
  const sameFindings = new Map<string, number>();
  for (const unit of before) {
    const key = findingsKey(unit);
    sameFindings.set(key, Math.max(unit.evidence, sameFindings.get(key) ?? 0));
  }
  return after.filter(
    (unit) =>
      unit.evidence > (sameName.get(unit.name.replace(TOP_FOLDER, '')) ?? 0) &&
      unit.evidence > (sameFindings.get(findingsKey(unit)) ?? 0),
  );
}

function findingsKey({ findings }: UnitEvidence): string {
  return findings.map(({ rule, context }) => `${rule}@${context}`).join(' ');
}
