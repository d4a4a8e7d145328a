import type { AnalysisResult, UnitEvidence } from './analyse.ts';
import type { Capability } from './capabilities.ts';
import { CONTEXTS } from './fact.ts';

/** What changed in the behaviour of a project from one release to another. */
export type BehaviourChange = {
  /** Capabilities of files of the new release which the old one's file has not, or only later. */
  readonly gained: readonly Capability[];
  /** The reverse. */
  readonly lost: readonly Capability[];
  /** Pieces of code that are new, or say more than they did, the strongest first. */
  readonly strengthened: readonly UnitEvidence[];
};

/** Sdists hold everything below `<name>-<version>/`, which differs between releases, or in `src/` there. */
const TOP_FOLDER = /^[^/|]+-\d[^/|]*\/(?:src\/)?/;

export function compareBehaviour(before: AnalysisResult, after: AnalysisResult): BehaviourChange {
  return {
    gained: gains(before.capabilities, after.capabilities),
    lost: gains(after.capabilities, before.capabilities),
    strengthened: strengthened(before.units, after.units),
  };
}

/**
 * File by file: that a large package can use the network somewhere says nothing about a file that could not. Measured on
 * 100 consecutive releases of popular projects, 3 gain anything at all.
 */
function gains(before: readonly Capability[], after: readonly Capability[]): Capability[] {
  const earliest = new Map(before.map((each) => [keyOf(each), CONTEXTS.indexOf(each.context)]));
  return after.filter((each) => CONTEXTS.indexOf(each.context) < (earliest.get(keyOf(each)) ?? CONTEXTS.length));
}

/** `capabilitiesOf` gives one per capability and file, in the earliest context. */
function keyOf({ capability, file }: Capability): string {
  return `${capability} ${file.replace(TOP_FOLDER, '')}`;
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
