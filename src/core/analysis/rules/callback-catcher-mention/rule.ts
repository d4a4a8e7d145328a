import { mentionsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const callbackCatcherMention: Rule = {
  id: 'callback-catcher-mention',
  title: 'names a host that catches requests',
  description:
    'A text names an out-of-band testing service (request bins, interaction servers): the sign of a probe or of dependency confusion.',
  remedy: 'Find out what the text is used for.',
  detect(unit) {
    return mentionsTo(unit, 'callback-catcher');
  },
};
