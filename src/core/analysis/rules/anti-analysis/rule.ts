import { callHit, hit, mentionsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

const TOOLS =
  /\b(?:wireshark|ollydbg|x64dbg|x32dbg|processhacker|fiddler|httpdebugger\w*|vboxservice|vmtoolsd|vboxtray|vmwaretray|joeboxserver|sbiedll|cuckoo)\b|\bVIRUSTOTAL\b|DESKTOP-[A-Z0-9]{7}\b/i;

/** Programs and machines are listed by name; sentences and addresses speak of them for other reasons. */
const MAX_NAME = 80;

export const antiAnalysis: Rule = {
  id: 'anti-analysis',
  title: 'looks for analysts',
  description: 'Debuggers, virtual machines or analysis tools are looked for, together with network or process calls.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const active = unit.facts.some(
      (fact) => fact.kind === 'call' && (fact.role === 'network' || fact.role === 'process'),
    );
    if (!active) return [];
    const named = mentionsOf(unit).filter(
      ({ text }) => text.length <= MAX_NAME && TOOLS.test(text) && !text.includes('://'),
    );
    return [...callsOf(unit, 'debugger-check').map(callHit), ...named.map(({ text, fact }) => hit(fact, text))];
  },
};
