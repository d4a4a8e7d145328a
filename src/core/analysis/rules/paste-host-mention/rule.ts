import { mentionsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const pasteHostMention: Rule = {
  id: 'paste-host-mention',
  title: 'names a paste or file sharing host',
  description: 'A text names a paste, raw file or file sharing host, where anyone can place and change content.',
  remedy: 'Find out what the text is used for.',
  detect(unit) {
    return mentionsTo(unit, 'paste');
  },
};
