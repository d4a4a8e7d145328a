import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const oddDomain: Rule = {
  id: 'odd-domain',
  title: 'contacts a domain in a cheap top-level domain',
  description: 'A request goes to a name below a top-level domain that abuse favours.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsTo(unit, 'odd-domain');
  },
};
