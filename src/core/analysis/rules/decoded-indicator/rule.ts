import { commandKinds } from '../../catalogue/commands.ts';
import { hostKinds } from '../../catalogue/hosts.ts';
import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

/** Source code, by words that stand in no sentence. */
const CODE = /\b(?:import\s+\w+|exec\s*\(|eval\s*\(|__import__|def\s+\w+\s*\(|subprocess\.|os\.system|requests\.)/;

/** Whoever the host is: an address is not encoded to be found. */
const ONLY_URL = /^\s*(?:https?|ftp|wss?):\/\/[^\s"'<>]{4,300}\s*$/i;

export const decodedIndicator: Rule = {
  id: 'decoded-indicator',
  title: 'decodes a constant to an address, a command or code',
  description: 'A constant was encoded so that readers do not see the URL, command or source in it.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return unit.facts.flatMap((fact) => {
      if (fact.kind !== 'decoded' || fact.media) return [];
      const { text } = fact;
      const telling =
        fact.program ||
        CODE.test(text) ||
        commandKinds(text).size > 0 ||
        ONLY_URL.test(text) ||
        hostKinds(text, unit.about.ownLabels).has('foreign');
      return telling ? [hit(fact, `${fact.how}: ${text}`)] : [];
    });
  },
};
