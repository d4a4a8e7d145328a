import { commandKindsOf, commandOf, hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const hiddenCommand: Rule = {
  id: 'hidden-command',
  title: 'starts a command out of sight',
  description: 'The command detaches itself, hides its window or output, or makes a file executable.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'process')
      .filter((fact) => commandKindsOf(fact).has('hidden'))
      .map((fact) => hit(fact, commandOf(fact)));
  },
};
