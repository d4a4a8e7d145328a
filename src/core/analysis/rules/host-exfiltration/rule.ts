import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const hostExfiltration: Rule = {
  id: 'host-exfiltration',
  title: 'sends facts about the machine to the network',
  description:
    'Host name, user, platform or folder listing reaches a request or a host name that is looked up. Telemetry looks alike, but names its own domain.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return [...requestsOf(unit), ...callsOf(unit, 'resolve')]
      .filter((fact) => (fact.taint & TAINT.host) !== 0)
      .map(callHit);
  },
};
