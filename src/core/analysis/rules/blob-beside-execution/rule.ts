import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const blobBesideExecution: Rule = {
  id: 'blob-beside-execution',
  title: 'executes next to a long blob',
  description: 'A unit with a very long encoded literal or line also calls exec or eval.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const large = unit.facts.some(
      (fact) => (fact.kind === 'blob' && fact.length >= 3000) || (fact.kind === 'source' && fact.shape === 'long-line'),
    );
    return large ? callsOf(unit, 'execute', 'deserialise').map(callHit) : [];
  },
};
