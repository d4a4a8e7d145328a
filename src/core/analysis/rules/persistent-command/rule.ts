import { type CommandKind, commandKinds } from '../../catalogue/commands.ts';
import { isStartupPath } from '../../catalogue/paths.ts';
import { firstOf, plainText } from '../../values/value.ts';
import { callHit, commandKindsOf, commandOf, hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

const CODE = /(?:^|[\n;])\s*(?:import\s+\w|from\s+\w+\s+import\b|exec\s*\()/;
const TELLING: readonly CommandKind[] = ['download', 'encoded', 'decode', 'reverse-shell', 'hidden', 'inline-python'];

function isTelling(kinds: ReadonlySet<CommandKind>): boolean {
  return TELLING.some((kind) => kinds.has(kind));
}

export const persistentCommand: Rule = {
  id: 'persistent-command',
  title: 'makes a command or code run at every start',
  description:
    'What is written to a start-up file, or given to a scheduler, downloads, hides itself or is Python code.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const writes = callsOf(unit, 'write').filter(({ call: { args } }) => {
      const [path = '', content = ''] = args.slice(0, 2).map((value) => plainText(firstOf(value)) ?? '');
      return isStartupPath(path) && (isTelling(commandKinds(content)) || CODE.test(content));
    });
    const commands = callsOf(unit, 'process').filter((fact) => {
      const kinds = commandKindsOf(fact);
      return kinds.has('persist') && isTelling(kinds);
    });
    return [...writes.map(callHit), ...commands.map((fact) => hit(fact, commandOf(fact)))];
  },
};
