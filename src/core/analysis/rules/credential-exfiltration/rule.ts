import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const credentialExfiltration: Rule = {
  id: 'credential-exfiltration',
  title: 'sends secrets to the network',
  description: 'Content or path of a credential file, browser store or wallet reaches a request.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsOf(unit)
      .filter((fact) => (fact.taint & TAINT.credential) !== 0)
      .map(callHit);
  },
};
