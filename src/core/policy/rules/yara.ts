import { type Rule, weaker } from './rule.ts';

export const yara: Rule<'yara'> = {
  id: 'yara',
  summary: "A file in the package matches one of the team's own YARA rules.",
  check({ inspection }, settings) {
    if (inspection === 'not-run') return [];
    const limit = settings.effect === 'off' ? 'note' : settings.effect;
    const matches = inspection.findings.filter(({ rule }) => rule === 'yara');
    const byMessage = new Map(matches.map(({ message, effect }) => [message, weaker(effect, limit)]));
    return [...byMessage].map(([message, effect]) => ({ rule: 'yara', effect, message }));
  },
};
