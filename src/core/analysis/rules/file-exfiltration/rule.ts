import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const fileExfiltration: Rule = {
  id: 'file-exfiltration',
  title: 'sends file content to the network',
  description: 'The content of a file reaches a request. Upload clients do this with files that their caller names.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsOf(unit)
      .filter((fact) => (fact.taint & TAINT.file) !== 0)
      .map(callHit);
  },
};
