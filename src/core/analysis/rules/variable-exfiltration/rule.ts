import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const variableExfiltration: Rule = {
  id: 'variable-exfiltration',
  title: 'sends an environment variable to the network',
  description:
    'The value of an environment variable reaches a request. API clients send their own token to their vendor.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsOf(unit)
      .filter((fact) => (fact.taint & TAINT.environment) !== 0)
      .map(callHit);
  },
};
