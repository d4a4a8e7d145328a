import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

/** Digits of a key or digest, which mean nothing to a reader either way. */
const KEY = /^[0-9a-f]{16,128}$/i;

export const decodedLiteral: Rule = {
  id: 'decoded-literal',
  title: 'decodes a constant',
  description:
    'A literal is decoded from base-N, hex or compression to something that is neither an image, a font nor a key. Embedded test data looks alike.',
  remedy: 'Look at what it decodes to, which is shown.',
  detect(unit) {
    return unit.facts.flatMap((fact) => {
      if (fact.kind !== 'decoded' || fact.media || fact.size < 12) return [];
      if (KEY.test(fact.text)) return [];
      return fact.text !== '' || fact.size > 200 ? [hit(fact, `${fact.how}: ${fact.text}`)] : [];
    });
  },
};
