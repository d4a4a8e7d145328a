import { compareBehaviour } from '../../analysis/compare-behaviour.ts';
import { sayCapability, sayFinding } from '../behaviour-findings.ts';
import type { Reason } from '../verdict.ts';
import { type Rule, reason } from './rule.ts';

export const capabilityGain: Rule<'capability-gain'> = {
  id: 'capability-gain',
  summary: 'The update can do what the nearest approved release of the project could not.',
  check({ inspection, nearestApproved }, settings): readonly Reason[] {
    if (inspection === 'not-run' || inspection.behaviour === undefined || nearestApproved === undefined) return [];
    const { version } = nearestApproved;
    const { gained, strengthened } = compareBehaviour(nearestApproved.behaviour, inspection.behaviour);
    // Many files may gain the same: it is said once.
    const said = new Map(gained.map((each) => [`${each.capability} ${each.context}`, each]));
    const reasons = [...said.values()]
      .filter(({ capability }) => settings.capabilities.includes(capability))
      .map((gain) => {
        const counts = gain.context !== 'call' || settings.called_code;
        const message = `unlike ${version}, a file of it ${sayCapability(gain)}`;
        return reason('capability-gain', counts ? settings : { effect: 'note' }, message);
      });
    // A piece of code that says more than any did is told first.
    const [finding] = strengthened[0]?.findings ?? [];
    if (finding) reasons.unshift(reason('capability-gain', settings, `unlike ${version}, ${sayFinding(finding)}`));
    if (inspection.nativeFiles.length > 0 && !nearestApproved.hasNativeFiles) {
      reasons.push(reason('capability-gain', settings, `unlike ${version}, it ships native code`));
    }
    return reasons;
  },
};
