import { commandKinds } from '../../catalogue/commands.ts';
import { commandKindsOf, commandOf, hit, mentionsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const mining: Rule = {
  id: 'mining',
  title: 'mines coins',
  description: 'A command or text names a miner of crypto currency or the protocol of its pools.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const commands = callsOf(unit, 'process')
      .filter((fact) => commandKindsOf(fact).has('mine'))
      .map((fact) => hit(fact, commandOf(fact)));
    const pools = mentionsOf(unit)
      .filter(({ text }) => text.length < 2000 && commandKinds(text).has('mine'))
      .map(({ text, fact }) => hit(fact, text));
    return [...commands, ...pools];
  },
};
