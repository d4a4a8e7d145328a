import { commandKindsOf, commandOf, hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const programCommand: Rule = {
  id: 'program-command',
  title: 'starts a Windows program or script file',
  description: 'The command names an .exe, .bat, .ps1, .vbs or similar file, or opens a file with its program.',
  remedy: 'Find out where the file comes from.',
  detect(unit) {
    return callsOf(unit, 'process')
      .filter((fact) => commandKindsOf(fact).has('executable') || fact.name === 'os.startfile')
      .map((fact) => hit(fact, commandOf(fact)));
  },
};
