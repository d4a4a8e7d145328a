import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

const UNASKED: ReadonlySet<string> = new Set(['install', 'start-up', 'import']);

export const webPage: Rule = {
  id: 'web-page',
  title: 'opens a web page unasked',
  description: 'A page is shown in the browser at installation or import: advertising, pranks and deceit.',
  remedy: 'Ask what the page has to do with the package.',
  detect(unit) {
    return callsOf(unit, 'browse')
      .filter(({ place }) => UNASKED.has(place.context))
      .map(callHit);
  },
};
