import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const bidirectionalText: Rule = {
  id: 'bidirectional-text',
  title: 'reorders letters on the screen',
  description: 'Bidirectional control characters make the source read differently from what runs.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return unit.facts.flatMap((fact) =>
      fact.kind === 'source' && fact.shape === 'bidirectional' ? [hit(fact, fact.text)] : [],
    );
  },
};
