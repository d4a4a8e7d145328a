import { callHit, requestsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const networkCall: Rule = {
  id: 'network-call',
  title: 'makes a network request',
  description:
    'A request, connection or name look-up by a known client. Clients and scripts do this when they are called; at installation or import almost no honest package does.',
  remedy: 'Find out what is sent and to whom; a package has no reason to talk to the network before it is used.',
  detect(unit) {
    return requestsOf(unit).map(callHit);
  },
};
