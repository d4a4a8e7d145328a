import { matchesAnyName } from './name-pattern.ts';
import { type Rule, reason } from './rule.ts';

export const reservedNames: Rule<'reserved-names'> = {
  id: 'reserved-names',
  summary: "The team's own names never come from a public upstream (dependency confusion).",
  check({ project, file }, settings) {
    if (project.privateUpstream || !matchesAnyName(settings.names, file.project)) return [];
    return [reason('reserved-names', settings, 'the name is reserved for the team and this upstream is public')];
  },
};
