import { matchesAnyName } from './name-pattern.ts';
import { type Rule, reason } from './rule.ts';

const HOW = {
  separators: 'differs only in separators from',
  'one-edit': 'is one letter away from',
  'swapped-words': 'has the same words as',
  'confusable-letters': 'looks the same as',
} as const;

export const nameConfusion: Rule<'name-confusion'> = {
  id: 'name-confusion',
  summary: 'The name could be mistaken for one in use or a very popular one (typo-squatting).',
  check({ project, file }, settings) {
    const { lookalike } = project;
    if (lookalike === undefined || project.approvedBefore || matchesAnyName(settings.accepted, file.project)) return [];
    return [reason('name-confusion', settings, `the name ${HOW[lookalike.how]} "${lookalike.other}"`)];
  },
};
