import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const downloadToFile: Rule = {
  id: 'download-to-file',
  title: 'writes what it downloads',
  description: 'A response is written to a file or unpacked. Data set downloaders do this when called.',
  remedy: 'Check the address and whether a digest is compared.',
  detect(unit) {
    const writes = callsOf(unit, 'write', 'unpack', 'copy').filter((fact) => (fact.taint & TAINT.network) !== 0);
    return [
      ...writes,
      ...requestsOf(unit).filter((fact) => /urlretrieve$|^wget\.download$|^gdown\.download$/.test(fact.name)),
    ].map(callHit);
  },
};
