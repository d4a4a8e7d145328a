import { sdistDifferenceFindings } from '../sdist-difference-findings.ts';
import type { Rule } from './rule.ts';

export const sdistDifference: Rule<'sdist-difference'> = {
  id: 'sdist-difference',
  summary: 'The wheel installs Python code that its sdist does not show, and that code acts.',
  check(evidence, settings) {
    const byMessage = new Map<string, 'note' | 'hold' | 'block'>();
    for (const { message, effect } of sdistDifferenceFindings(evidence, settings)) byMessage.set(message, effect);
    return [...byMessage].map(([message, effect]) => ({ rule: 'sdist-difference', effect, message }));
  },
};
