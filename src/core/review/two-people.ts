import type { Capability } from '../analysis/capabilities.ts';
import type { Evidence } from '../policy/evidence.ts';
import type { Verdict } from '../policy/verdict.ts';
import { TWO_PEOPLE_CAUSES, type TwoPeopleCause } from './causes.ts';

/**
 * Why two people have to approve a file. @param verdict without what people decided before
 * "New" means: new against the nearest approved release. A project that is new as
 * a whole is one question for one person, whatever language it is written in, unless its code acts before it is called.
 */
export function twoPeopleCauses(
  evidence: Evidence,
  verdict: Verdict,
  counted: readonly TwoPeopleCause[],
): readonly TwoPeopleCause[] {
  const causes = TWO_PEOPLE_CAUSES.filter((cause) => counted.includes(cause));
  return causes.filter((cause) => APPLIES[cause](evidence, verdict));
}

const APPLIES: Readonly<Record<TwoPeopleCause, (evidence: Evidence, verdict: Verdict) => boolean>> = {
  'block-override': (_, { kind }) => kind === 'block',
  'native-code': ({ inspection, nearestApproved }) =>
    inspection !== 'not-run' &&
    inspection.nativeFiles.length > 0 &&
    nearestApproved !== undefined &&
    !nearestApproved.hasNativeFiles,
  'start-up-hook': (_, verdict) => withholds(verdict, 'startup-hook'),
  'build-hook': ({ file, ...evidence }) =>
    file.kind === 'sdist' && early(evidence).some((one) => one.context === 'install' && ACTS.has(one.capability)),
  'publisher-change': (_, verdict) => withholds(verdict, 'provenance'),
  'secrets-and-network': (evidence) => {
    const can = new Set(early(evidence).map(({ capability }) => capability));
    return can.has('network') && (can.has('environment') || can.has('secrets'));
  },
};

const EARLY: ReadonlySet<Capability['context']> = new Set(['install', 'start-up', 'import']);

/** What a build rarely needs. */
const ACTS: ReadonlySet<Capability['capability']> = new Set(['network', 'secrets', 'package-install', 'start-up-hook']);

/** What the code can do before anybody calls it, without what the nearest approved release could already. */
function early({ inspection, nearestApproved }: Pick<Evidence, 'inspection' | 'nearestApproved'>) {
  if (inspection === 'not-run') return [];
  const before = new Set(nearestApproved?.behaviour.capabilities.map(keyOf));
  return (inspection.behaviour?.capabilities ?? []).filter((one) => EARLY.has(one.context) && !before.has(keyOf(one)));
}

function keyOf({ capability, context }: Capability): string {
  return `${capability} ${context}`;
}

function withholds({ reasons }: Verdict, rule: string): boolean {
  return reasons.some((reason) => reason.rule === rule && reason.effect !== 'note');
}
