import { secretOwner } from '../../catalogue/secret-places.ts';
import { callHit, requestsOf, textsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

const MANY = 3;

export const secretVariables: Rule = {
  id: 'secret-variables',
  title: 'collects secrets of many owners from the environment',
  description:
    'Environment variables with secrets of at least three owners are read in one unit that also makes a request. Clients of several services read them when they are called.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    if (requestsOf(unit).length === 0) return [];
    const reads = callsOf(unit, 'environment-read').filter((fact) => textsOf(fact).some((name) => secretOwner(name)));
    const owners = new Set(reads.flatMap((fact) => textsOf(fact).flatMap((name) => secretOwner(name) ?? [])));
    return owners.size < MANY ? [] : reads.map(callHit);
  },
};
