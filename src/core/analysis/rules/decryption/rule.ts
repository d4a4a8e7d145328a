import { hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const decryption: Rule = {
  id: 'decryption',
  title: 'decrypts data',
  description: 'A symmetric cipher is opened. Honest libraries do this for their callers.',
  remedy: 'Find out where the data and the key come from.',
  detect(unit) {
    return callsOf(unit, 'decrypt').map((fact) => hit(fact, fact.name));
  },
};
