import { TAINT } from '../../values/taint.ts';
import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const dataFileExecution: Rule = {
  id: 'data-file-execution',
  title: 'runs a data file of the package as code',
  description:
    'What exec or eval is given comes out of a file that is no Python source: a text, a picture or a sound of the package.',
  remedy: 'Read the data file: it is code.',
  detect(unit) {
    return callsOf(unit, 'execute')
      .filter((fact) => (fact.taint & TAINT.dataFile) !== 0)
      .map(callHit);
  },
};
