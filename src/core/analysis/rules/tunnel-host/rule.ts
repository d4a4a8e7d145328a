import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const tunnelHost: Rule = {
  id: 'tunnel-host',
  title: 'contacts a tunnel, dynamic name or free app host',
  description: 'A request goes to a host that costs nothing and names nobody.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsTo(unit, 'tunnel');
  },
};
