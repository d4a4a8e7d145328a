import { commandOf, hit, processesOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const processStart: Rule = {
  id: 'process-start',
  title: 'starts a program',
  description:
    'A shell command or another program is started. Constant commands of build tools and of terminal set-up (git, cmake, clear) are left out.',
  remedy: 'Read the command. Building native code is honest; anything that fetches, hides or starts files is not.',
  detect(unit) {
    return processesOf(unit).map((fact) => hit(fact, commandOf(fact)));
  },
};
