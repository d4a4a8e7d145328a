import { TAINT } from '../../values/taint.ts';
import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const droppedProgram: Rule = {
  id: 'dropped-program',
  title: 'writes a program and starts it',
  description:
    'Decoded bytes, an executable image or program text is written to a file that is then started. Installers of a bundled launcher look alike.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'process', 'load-native', 'load-module')
      .filter((fact) => (fact.taint & TAINT.droppedFile) !== 0)
      .map(callHit);
  },
};
