import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const nativeMemory: Rule = {
  id: 'native-memory',
  title: 'places machine code in memory',
  description: 'Memory is allocated and made executable through ctypes, or another process is written to.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'native-memory')
      .filter((fact) => /windll|kernel32|Virtual|Thread|ProcessMemory/.test(fact.name))
      .map(callHit);
  },
};
