import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const unparsableCode: Rule = {
  id: 'unparsable-code',
  title: 'is no valid Python',
  description:
    'Python refuses a file with a syntax error, so it cannot run; what could be read of it was looked at all the same. Templates and code for other interpreters look alike.',
  remedy: 'See whether the file is a template or data. If it is meant to be a module, ask why it was published.',
  detect(unit) {
    return unit.facts.flatMap((fact) =>
      fact.kind === 'source' && fact.shape === 'broken' ? [hit(fact, fact.text)] : [],
    );
  },
};
