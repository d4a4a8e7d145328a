import { mentionsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const rawAddressMention: Rule = {
  id: 'raw-address-mention',
  title: 'names a raw public address',
  description: 'A text names an IP address instead of a name.',
  remedy: 'Find out what the text is used for.',
  detect(unit) {
    return mentionsTo(unit, 'raw-address');
  },
};
