import type { Reason } from '../verdict.ts';
import { type Rule, weaker } from './rule.ts';

export const archive: Rule<'archive'> = {
  id: 'archive',
  summary: 'The file is malformed, or two readers of it would see different contents.',
  check({ inspection }, settings): readonly Reason[] {
    if (inspection === 'not-run') return [];
    const limit = settings.effect === 'off' ? 'note' : settings.effect;
    return inspection.findings
      .filter(({ rule }) => rule === 'archive')
      .map(({ effect, message }) => ({ rule: 'archive', effect: weaker(effect, limit), message }));
  },
};
