import { hit, textsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const constantDecryption: Rule = {
  id: 'constant-decryption',
  title: 'decrypts with a key that it carries',
  description:
    'A symmetric cipher opens data with a key from the same code. Cryptography libraries take the key from their caller.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'decrypt')
      .filter((fact) => textsOf(fact).some((text) => text.length >= 16 && !text.includes('\uf8ff')))
      .map((fact) => hit(fact, fact.name));
  },
};
