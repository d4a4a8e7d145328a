import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const encodedCode: Rule = {
  id: 'encoded-code',
  title: 'runs code that it carries encoded',
  description: 'A constant of the package was decoded or decrypted and then run as code.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const first = unit.facts.find(({ place }) => place.decodedLayer && place.layer > 0);
    return first === undefined ? [] : [hit(first, '')];
  },
};
