import type { HostKind } from '../../catalogue/hosts.ts';
import type { CallFact } from '../../fact.ts';
import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf, targetKinds } from '../read-call.ts';
import type { Rule } from '../rule.ts';

const FOREIGN: readonly HostKind[] = ['foreign', 'webhook', 'paste'];

export const secretArgument: Rule = {
  id: 'secret-argument',
  title: 'sends a private key or recovery phrase of its caller',
  description:
    'An argument that is named like a private key, seed or recovery phrase reaches a request to a fixed host of somebody else. No honest client sends it.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const requests = requestsOf(unit);
    const isForeign = (fact: CallFact) => FOREIGN.some((kind) => targetKinds(fact, unit).has(kind));
    // A socket was connected before: its host stands in another call.
    const isSomeForeign = requests.some(isForeign);
    return requests
      .filter((fact) => (fact.taint & TAINT.secretArgument) !== 0)
      .filter((fact) => isForeign(fact) || (isSomeForeign && fact.name === 'socket.socket().send'))
      .map(callHit);
  },
};
