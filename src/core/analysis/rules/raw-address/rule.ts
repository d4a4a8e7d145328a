import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const rawAddress: Rule = {
  id: 'raw-address',
  title: 'contacts a raw public address',
  description: 'A request goes to an IP address instead of a name.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsTo(unit, 'raw-address');
  },
};
