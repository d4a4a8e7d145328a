import type { BehaviourFinding } from '../analysis/analyse.ts';
import type { Capability } from '../analysis/capabilities.ts';
import { compareBehaviour } from '../analysis/compare-behaviour.ts';
import type { SourceDifference } from '../archive/compare-with-sdist.ts';
import type { Finding } from '../finding.ts';
import { sayCapability, sayFinding } from './behaviour-findings.ts';
import type { Evidence } from './evidence.ts';
import type { RuleSettings } from './policy.ts';

/**
 * The Python files of a wheel that are not as in the sdist of the release, each with its place. One that shows what malicious
 * packages do, or can do what the nearest approved release could not, has the effect of the rule; others are notes, because
 * builds write and rewrite files too, and generated ones are not told.
 */
export function sdistDifferenceFindings(
  { sourceDifferences = [], inspection, nearestApproved }: Evidence,
  { effect }: RuleSettings['sdist-difference'],
): readonly Finding[] {
  if (inspection === 'not-run' || sourceDifferences.length === 0) return [];
  const { behaviour } = inspection;
  const shown = firstByFile((behaviour?.units ?? []).flatMap(({ findings }) => findings.filter(isEvidence)));
  const change = nearestApproved && behaviour && compareBehaviour(nearestApproved.behaviour, behaviour);
  const gained = firstByFile(change?.gained ?? []);
  return sourceDifferences.flatMap((difference): Finding[] => {
    const { file, isMissing, isGenerated } = difference;
    const finding = shown.get(file);
    const gain = gained.get(file);
    const does = finding ? sayFinding(finding) : gain && `the code ${sayCapability(gain)}`;
    if (does === undefined) {
      return isGenerated ? [] : [{ ...about(difference), effect: 'note', message: sayDifference(difference), file }];
    }
    const where = isMissing ? 'in a file that the sdist lacks' : 'in a file that differs from the sdist';
    const { line } = finding ?? gain!;
    return [
      {
        ...about(difference),
        effect: effect === 'off' ? 'note' : effect,
        message: `${where}, ${does}`,
        file,
        ...(line > 0 && { line }),
        ...(finding && { context: finding.excerpt }),
      },
    ];
  });
}

function about({ isMissing }: SourceDifference): Pick<Finding, 'rule' | 'code'> {
  return { rule: 'sdist-difference', code: isMissing ? 'missing' : 'differs' };
}

function sayDifference({ isMissing }: SourceDifference): string {
  return isMissing
    ? 'installs a Python file that the sdist of the release lacks'
    : 'installs a Python file that is another one in the sdist of the release';
}

function isEvidence({ weight }: BehaviourFinding): boolean {
  return weight > 0;
}

function firstByFile<T extends BehaviourFinding | Capability>(all: readonly T[]): ReadonlyMap<string, T> {
  const first = new Map<string, T>();
  for (const each of all) if (!first.has(each.file)) first.set(each.file, each);
  return first;
}
