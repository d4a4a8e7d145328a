import { behaviourFindings, grantedTo } from '../behaviour-findings.ts';
import type { Reason } from '../verdict.ts';
import { type Rule, reason, weaker } from './rule.ts';

export const behaviour: Rule<'behaviour'> = {
  id: 'behaviour',
  summary: 'The code does together what malicious packages do: block, hold or note by how sure the analysis is.',
  check({ inspection }, settings): readonly Reason[] {
    if (inspection === 'not-run') return [];
    const found = inspection.behaviour;
    // Without a result nothing is known, and that is not quiet.
    if (found === undefined) {
      const effect = settings.effect === 'off' ? 'note' : weaker('hold', settings.effect);
      return [reason('behaviour', { effect }, 'what the code does could not be analysed')];
    }
    if (found.verdict === 'none') return [];
    const limit = grantedTo(found, settings);
    const reasons = behaviourFindings(found, limit).map(({ effect, message }) => ({
      rule: 'behaviour',
      effect,
      message,
    }));
    return reasons.length > 0
      ? reasons
      : [reason('behaviour', { effect: weaker(found.verdict, limit) }, 'the code looks malicious')];
  },
};
