import { TAINT } from '../../values/taint.ts';
import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const networkExecution: Rule = {
  id: 'network-execution',
  title: 'runs code that it downloads',
  description:
    'A response from the network reaches exec, eval or the shell: the author decides later, and per machine, what runs.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'execute', 'process', 'compile')
      .filter((fact) => (fact.taint & TAINT.network) !== 0)
      .map(callHit);
  },
};
