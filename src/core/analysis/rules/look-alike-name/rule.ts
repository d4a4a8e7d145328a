import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const lookAlikeName: Rule = {
  id: 'look-alike-name',
  title: 'writes names in another script',
  description: 'Names in mathematical or full-width letters, which Python folds to ASCII, avoid plain searches.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return unit.facts.flatMap((fact) =>
      fact.kind === 'source' && fact.shape === 'mixed-script-name' ? [hit(fact, fact.text)] : [],
    );
  },
};
