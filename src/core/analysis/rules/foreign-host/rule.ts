import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const foreignHost: Rule = {
  id: 'foreign-host',
  title: 'contacts a fixed host that is not its own',
  description:
    'The address of a request is constant and belongs neither to the project nor to a widely used platform. API clients of small vendors look alike.',
  remedy: 'Check who owns the host and what is sent to it.',
  detect(unit) {
    return requestsTo(unit, 'foreign');
  },
};
