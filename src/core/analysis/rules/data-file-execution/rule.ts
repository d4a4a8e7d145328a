import { TAINT } from '../../values/taint.ts';
import { callHit, isOfCaller, textsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

/** Byte code, archives, pictures and texts that are imported by their path. */
const NO_SOURCE = /[^\uf8ff*]\.(?:py[co]|zip|egg|whl|bin|dat|txt|json|md|log|tmp|png|jpe?g|gif|ico|wav|mp3|ttf|db)$/i;

export const dataFileExecution: Rule = {
  id: 'data-file-execution',
  title: 'runs a data file or byte code as code',
  description:
    'What exec or eval is given comes out of a file that is no Python source: a text, a picture or a sound of the package; or a module is loaded out of such a file, an archive or byte code.',
  remedy: 'Read the data file: it is code.',
  detect(unit) {
    const texts = callsOf(unit, 'execute').filter((fact) => (fact.taint & TAINT.dataFile) !== 0);
    const modules = callsOf(unit, 'load-file', 'load-module', 'load-native').filter(
      (fact) => !isOfCaller(fact) && textsOf(fact).some((text) => NO_SOURCE.test(text)),
    );
    return [...texts, ...modules].map(callHit);
  },
};
