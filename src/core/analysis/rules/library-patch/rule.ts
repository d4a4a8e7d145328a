import { bodyName } from '../../interpret/function-body.ts';
import { firstOf } from '../../values/value.ts';
import { hit, requestsOf, targetKinds } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const libraryPatch: Rule = {
  id: 'library-patch',
  title: 'puts itself into another library and sends what passes',
  description:
    'A function of another library is replaced by one that makes a request to a fixed host of somebody else.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const sending = new Set(
      requestsOf(unit)
        .filter((fact) => ['foreign', 'webhook'].some((kind) => targetKinds(fact, unit).has(kind as 'foreign')))
        .map(({ place }) => place.scope),
    );
    return callsOf(unit, 'patch')
      .filter(({ call: { args } }) => {
        const by = args[0] === undefined ? undefined : firstOf(args[0]);
        return by?.kind === 'function' && sending.has(bodyName(by));
      })
      .map((fact) => hit(fact, fact.name));
  },
};
