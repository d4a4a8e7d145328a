import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const limitReached: Rule = {
  id: 'limit-reached',
  title: 'could not be read to the end',
  description: 'A limit of the analysis was reached (size, nesting, layers), which honest code does not.',
  remedy: 'Read the file by hand.',
  detect(unit) {
    return unit.facts.flatMap((fact) => (fact.kind === 'limit' ? [hit(fact, fact.what)] : []));
  },
};
