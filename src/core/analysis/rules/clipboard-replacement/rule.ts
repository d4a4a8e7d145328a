import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const clipboardReplacement: Rule = {
  id: 'clipboard-replacement',
  title: 'replaces what the user copies',
  description: 'The clipboard is read and written in one unit, as address swappers do.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const reads = callsOf(unit, 'clipboard-read');
    return reads.length > 0 ? callsOf(unit, 'clipboard-write').map(callHit) : [];
  },
};
