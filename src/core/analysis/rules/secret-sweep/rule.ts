import { secretPlaces } from '../../catalogue/secret-places.ts';
import { commandKindsOf, commandOf, hit, mentionsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

const MANY = 4;

export const secretSweep: Rule = {
  id: 'secret-sweep',
  title: 'looks for secrets of many programs',
  description:
    'At least four places where different programs keep secrets are named in one unit, or a scanner for secrets is started. Tools that look for leaked secrets do so for their user.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const scans = callsOf(unit, 'process')
      .filter((fact) => commandKindsOf(fact).has('secret-scan'))
      .map((fact) => hit(fact, commandOf(fact)));
    const named = mentionsOf(unit)
      .map(({ text, fact }) => ({ places: secretPlaces(text), text, fact }))
      .filter(({ places }) => places.size > 0);
    const places = new Set(named.flatMap((each) => [...each.places]));
    return places.size < MANY ? scans : [...scans, ...named.map(({ text, fact }) => hit(fact, text))];
  },
};
