import { commandKindsOf, commandOf, hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const destruction: Rule = {
  id: 'destruction',
  title: 'destroys data or stops the machine',
  description: 'A command deletes whole trees, formats, shuts down or removes backups.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'process')
      .filter((fact) => commandKindsOf(fact).has('destroy'))
      .map((fact) => hit(fact, commandOf(fact)));
  },
};
