import { callHit, isOfCaller, requestsOf, targetKinds } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const foreignHost: Rule = {
  id: 'foreign-host',
  title: 'contacts a fixed host that is not its own',
  description:
    'The address of a request is constant and belongs neither to the project nor to a widely used platform. API clients of small vendors look alike.',
  remedy: 'Check who owns the host and what is sent to it.',
  detect(unit) {
    // What a function sends for its caller is what clients of services do: see argument-exfiltration.
    return requestsOf(unit)
      .filter((fact) => !isOfCaller(fact) && targetKinds(fact, unit).has('foreign'))
      .map(callHit);
  },
};
