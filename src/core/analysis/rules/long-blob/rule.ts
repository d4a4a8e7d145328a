import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const longBlob: Rule = {
  id: 'long-blob',
  title: 'carries a long encoded literal',
  description: 'A literal of at least 500 base-N digits. Embedded icons and tables look alike.',
  remedy: 'Decode it and look.',
  detect(unit) {
    return unit.facts.flatMap((fact) => (fact.kind === 'blob' ? [hit(fact, `${fact.length} characters`)] : []));
  },
};
