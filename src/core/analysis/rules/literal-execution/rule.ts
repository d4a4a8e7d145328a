import { CONCEALED, TAINT } from '../../values/taint.ts';
import { callHit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const literalExecution: Rule = {
  id: 'literal-execution',
  title: 'runs a literal text as code that acts outside',
  description:
    'Code kept in a string and run by exec, or passed to a new interpreter, starts programs or talks to the network. Ordinary code would simply stand there.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return unit.facts.flatMap((fact) => {
      if (fact.kind !== 'call' || fact.place.layer === 0 || fact.place.decodedLayer) return [];
      const isNested = fact.role === 'execute' && (fact.taint & (CONCEALED | TAINT.network)) !== 0;
      return fact.role === 'network' || fact.role === 'process' || isNested ? [callHit(fact)] : [];
    });
  },
};
