import { CONCEALED } from '../../values/taint.ts';
import { callHit, isOfCaller } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

/** These run a file: what was decoded is where it lies. */
const BY_PATH = /^(?:runpy\.run_path|builtins\.execfile)$/;

export const decodedExecution: Rule = {
  id: 'decoded-execution',
  title: 'runs code that it decodes first',
  description:
    'Text from base64, hex, compression, XOR or a cipher reaches exec or eval. Honest code has no reason to hide its source from readers.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'execute', 'compile')
      .filter((fact) => (fact.taint & CONCEALED) !== 0 && !isOfCaller(fact) && !BY_PATH.test(fact.name))
      .map(callHit);
  },
};
