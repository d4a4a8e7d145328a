import { mentionsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const tunnelHostMention: Rule = {
  id: 'tunnel-host-mention',
  title: 'names a tunnel, dynamic name or free app host',
  description: 'A text names a host that costs nothing and names nobody.',
  remedy: 'Find out what the text is used for.',
  detect(unit) {
    return mentionsTo(unit, 'tunnel');
  },
};
