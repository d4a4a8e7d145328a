import { commandKindsOf, commandOf, hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const credentialCommand: Rule = {
  id: 'credential-command',
  title: 'asks a program for the secrets it keeps',
  description:
    'A command prints passwords or tokens that the system, a browser or a command line tool keeps, or asks the user for a password under a false flag.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'process')
      .filter((fact) => commandKindsOf(fact).has('credentials'))
      .map((fact) => hit(fact, commandOf(fact)));
  },
};
