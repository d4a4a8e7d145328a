import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const mangledNames: Rule = {
  id: 'mangled-names',
  title: 'has mangled names',
  description: 'Names are made unreadable by an obfuscator.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return unit.facts.flatMap((fact) =>
      fact.kind === 'source' && fact.shape === 'mangled-names' ? [hit(fact, fact.text)] : [],
    );
  },
};
