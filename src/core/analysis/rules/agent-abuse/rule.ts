import { commandKindsOf, commandOf, hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const agentAbuse: Rule = {
  id: 'agent-abuse',
  title: 'tells a coding agent to act without asking',
  description:
    'A coding agent of the machine is started with its safeguards off. Such an agent searches and sends whatever it is told to.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'process')
      .filter((fact) => commandKindsOf(fact).has('agent'))
      .map((fact) => hit(fact, commandOf(fact)));
  },
};
