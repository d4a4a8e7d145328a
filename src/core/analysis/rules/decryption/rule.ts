import { TAINT } from '../../values/taint.ts';
import { hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const decryption: Rule = {
  id: 'decryption',
  title: 'decrypts data',
  description: 'A symmetric cipher is opened, and neither key nor data come from a caller.',
  remedy: 'Find out where the data and the key come from.',
  detect(unit) {
    return callsOf(unit, 'decrypt')
      .filter((fact) => (fact.taint & TAINT.parameter) === 0)
      .map((fact) => hit(fact, fact.name));
  },
};
