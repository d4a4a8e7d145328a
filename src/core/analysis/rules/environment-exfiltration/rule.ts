import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const environmentExfiltration: Rule = {
  id: 'environment-exfiltration',
  title: 'sends the whole environment to the network',
  description:
    'All environment variables, in which teams keep tokens, reach a request. Error trackers filter them by name first.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsOf(unit)
      .filter((fact) => (fact.taint & TAINT.allEnvironment) !== 0)
      .map(callHit);
  },
};
