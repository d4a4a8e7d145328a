import { isWholeTree } from '../../catalogue/paths.ts';
import { callHit, commandKindsOf, commandOf, hit, textsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const destruction: Rule = {
  id: 'destruction',
  title: 'destroys data or stops the machine',
  description:
    'A home folder, a disk or a folder of the system is deleted or formatted, backups are removed, or the machine is stopped.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const commands = callsOf(unit, 'process')
      .filter((fact) => commandKindsOf(fact).has('destroy'))
      .map((fact) => hit(fact, commandOf(fact)));
    const trees = callsOf(unit, 'delete').filter((fact) => textsOf(fact).some(isWholeTree));
    return [...commands, ...trees.map(callHit)];
  },
};
