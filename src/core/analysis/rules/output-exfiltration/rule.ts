import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const outputExfiltration: Rule = {
  id: 'output-exfiltration',
  title: 'sends the output of a command to the network',
  description: 'What a started program printed reaches a request.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsOf(unit)
      .filter((fact) => (fact.taint & TAINT.output) !== 0)
      .map(callHit);
  },
};
