import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const callbackCatcher: Rule = {
  id: 'callback-catcher',
  title: 'contacts a host that catches requests',
  description:
    'A request or look-up goes to an out-of-band testing service (request bins, interaction servers): the sign of a probe or of dependency confusion.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsTo(unit, 'callback-catcher');
  },
};
