import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const pasteHost: Rule = {
  id: 'paste-host',
  title: 'fetches from a paste or file sharing host',
  description: 'A request goes to a paste, raw file or file sharing host, where anyone can place and change content.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsTo(unit, 'paste');
  },
};
