import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const hiddenCode: Rule = {
  id: 'hidden-code',
  title: 'hides code out of sight',
  description:
    'More than a hundred blanks stand before code on one line, or as many empty lines above it, so that it lies outside the window of an editor.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return unit.facts.flatMap((fact) =>
      fact.kind === 'source' && fact.shape === 'hidden-by-spaces' ? [hit(fact, fact.text)] : [],
    );
  },
};
