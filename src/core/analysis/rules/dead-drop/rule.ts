import type { CallFact } from '../../fact.ts';
import { CONCEALED, TAINT } from '../../values/taint.ts';
import { callHit, requestsOf, targetKinds, textsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

/** Pages on platforms that everybody reaches, with a text that their visitors can change. */
const OPEN_TEXT =
  /\/\/(?:t\.me|telegra\.ph|steamcommunity\.com\/(?:id|profiles)|[\w-]{1,60}\.blogspot\.com|docs\.google\.com|drive\.google\.com|www\.dropbox\.com|www\.youtube\.com|[\w.]{0,20}github\.com\/[^\s]{1,100}\/raw\/|calendar\.app\.google|api\.github\.com\/gists)/i;

/** Clients of which the host is given before the path, so that any argument may be the target. */
const BY_PARTS = /^(?:http\.client|httplib|socket)\b/;

function targetTaint(fact: CallFact): number {
  const { args, keywords } = fact.call;
  if (BY_PARTS.test(fact.name)) return args.reduce((taint, value) => taint | value.taint, 0);
  const [first, second] = args;
  const isMethod = first?.kind === 'text' && /^[A-Z]{3,7}$/.test(first.value);
  return ((isMethod ? second : first)?.taint ?? 0) | (keywords.get('url')?.taint ?? 0);
}

export const deadDrop: Rule = {
  id: 'dead-drop',
  title: 'asks one address where the next one is',
  description:
    'The target of a request comes out of an answer: encoded, or from a place where anyone can leave a text (a paste, a raw file, a profile).',
  remedy: 'Look at what lies at the first address and who may change it.',
  detect(unit) {
    const led = requestsOf(unit).filter((fact) => (targetTaint(fact) & TAINT.network) !== 0);
    if (led.length === 0) return [];
    const drops = requestsOf(unit).filter(
      (fact) => targetKinds(fact, unit).has('paste') || textsOf(fact).some((text) => OPEN_TEXT.test(text)),
    );
    return led.filter((fact) => drops.length > 0 || (targetTaint(fact) & CONCEALED) !== 0).map(callHit);
  },
};
