import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const executableUrl: Rule = {
  id: 'executable-url',
  title: 'fetches an executable file',
  description: 'The address of a request names an executable, script or library file.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsTo(unit, 'executable');
  },
};
