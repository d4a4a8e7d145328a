import { CONCEALED } from '../../values/taint.ts';
import { commandKindsOf, commandOf, hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const decodedCommand: Rule = {
  id: 'decoded-command',
  title: 'starts a command that was encoded',
  description:
    'A command line is decoded before it runs, or tells the shell to decode it (base64 -d, PowerShell -EncodedCommand).',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'process')
      .filter(
        (fact) =>
          (fact.taint & CONCEALED) !== 0 ||
          ['encoded', 'decode'].some((kind) => commandKindsOf(fact).has(kind as 'encoded')),
      )
      .map((fact) => hit(fact, commandOf(fact)));
  },
};
