import type { HostKind } from '../../catalogue/hosts.ts';
import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf, targetKinds } from '../read-call.ts';
import type { Rule } from '../rule.ts';

const STRANGE: readonly HostKind[] = ['foreign', 'webhook'];

export const secretToStranger: Rule = {
  id: 'secret-to-stranger',
  title: 'sends secrets to a fixed host of somebody else',
  description:
    'The whole environment, or the content or path of a credential file, browser store or wallet, reaches a request to a constant host that belongs neither to the project nor to a platform.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsOf(unit)
      .filter((fact) => (fact.taint & (TAINT.credential | TAINT.allEnvironment)) !== 0)
      .filter((fact) => STRANGE.some((kind) => targetKinds(fact, unit).has(kind)))
      .map(callHit);
  },
};
