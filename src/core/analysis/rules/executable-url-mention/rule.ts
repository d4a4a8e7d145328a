import { mentionsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const executableUrlMention: Rule = {
  id: 'executable-url-mention',
  title: 'names an executable file',
  description: 'A URL in a text names an executable, script or library file.',
  remedy: 'Find out what the text is used for.',
  detect(unit) {
    return mentionsTo(unit, 'executable');
  },
};
