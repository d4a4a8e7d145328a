import { callHit, commandKindsOf, commandOf, hit, requestsOf, textsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

const WORKFLOW = /\.github\/workflows\/[^\s]{0,80}\.ya?ml$/i;
const PUBLISHES =
  /\/\/upload\.pypi\.org\/legacy|\/\/api\.github\.com\/(?:user\/repos|repos\/[^\s]{1,120}\/(?:contents|actions\/secrets|forks))/i;
const UNASKED: ReadonlySet<string> = new Set(['install', 'start-up', 'import']);

export const republication: Rule = {
  id: 'republication',
  title: 'publishes packages or workflows unasked',
  description:
    'Code that runs unasked publishes a package, makes repositories, sets their secrets or writes a workflow: how worms spread with the tokens they find.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    // Authors have `setup.py publish` type their own upload command.
    const commands = callsOf(unit, 'process').filter(
      (fact) => commandKindsOf(fact).has('publish') && (fact.place.context !== 'install' || fact.taint !== 0),
    );
    const writes = callsOf(unit, 'write', 'copy').filter((fact) => textsOf(fact).some((text) => WORKFLOW.test(text)));
    const requests = requestsOf(unit).filter((fact) => textsOf(fact).some((text) => PUBLISHES.test(text)));
    return [...commands.map((fact) => hit(fact, commandOf(fact))), ...[...writes, ...requests].map(callHit)].filter(
      ({ place }) => UNASKED.has(place.context),
    );
  },
};
