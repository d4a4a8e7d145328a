import type { Context } from '../../analysis/fact.ts';
import type { Reason } from '../verdict.ts';
import { type Rule, reason, weaker } from './rule.ts';

/** How a reason says when code runs. */
export const WHEN: Readonly<Record<Context, string>> = {
  install: 'when it is installed',
  'start-up': 'at every Python start',
  import: 'when it is imported',
  entry: 'when it is started',
  call: 'when it is called',
};

export const behaviour: Rule<'behaviour'> = {
  id: 'behaviour',
  summary: 'The code does together what malicious packages do: block, hold or note by how sure the analysis is.',
  check({ inspection }, settings): readonly Reason[] {
    if (inspection === 'not-run') return [];
    const limit = settings.effect === 'off' ? 'note' : settings.effect;
    const found = inspection.behaviour;
    // Without a result nothing is known, and that is not quiet.
    if (found === undefined)
      return [reason('behaviour', { effect: weaker('hold', limit) }, 'what the code does could not be analysed')];
    if (found.verdict === 'none') return [];
    const effect = weaker(found.verdict, limit);
    return found.findings.map(({ title, context, weight }, index) => ({
      rule: 'behaviour',
      // The decisive reason carries the verdict; what weighs nothing is told beside it.
      effect: index === 0 || weight > 0 ? effect : 'note',
      message: `the code ${title} ${WHEN[context]}`,
    }));
  },
};
