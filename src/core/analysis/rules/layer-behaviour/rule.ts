import { callHit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const layerBehaviour: Rule = {
  id: 'layer-behaviour',
  title: 'hides network or process calls in decoded code',
  description: 'Code that had to be decoded before it ran starts programs or talks to the network.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return unit.facts.flatMap((fact) => {
      if (fact.kind !== 'call' || !fact.place.decodedLayer) return [];
      return fact.role === 'network' || fact.role === 'process' || fact.role === 'resolve' ? [callHit(fact)] : [];
    });
  },
};
