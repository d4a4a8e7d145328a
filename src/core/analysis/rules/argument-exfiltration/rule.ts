import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf, targetKinds } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const argumentExfiltration: Rule = {
  id: 'argument-exfiltration',
  title: "sends its caller's arguments to a fixed host",
  description:
    'What a caller passes in reaches a constant foreign host. Every API client does this: only the difference to an earlier release tells.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsOf(unit)
      .filter((fact) => (fact.taint & TAINT.parameter) !== 0 && targetKinds(fact, unit).has('foreign'))
      .map(callHit);
  },
};
