import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const protectedCode: Rule = {
  id: 'protected-code',
  title: 'is protected against reading',
  description: 'The code is packed by a protector (PyArmor and kin): nobody can review it.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return unit.facts.flatMap((fact) =>
      fact.kind === 'source' && fact.shape === 'protected' ? [hit(fact, fact.text)] : [],
    );
  },
};
