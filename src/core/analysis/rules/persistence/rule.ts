import { isStartupPath } from '../../catalogue/paths.ts';
import { callHit, commandKindsOf, textsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const persistence: Rule = {
  id: 'persistence',
  title: 'arranges to run at every start, or to get in again',
  description:
    "Start-up folders, run keys, cron, systemd, shell profiles, Python's own start-up hooks or the keys that may log in are written.",
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const writes = callsOf(unit, 'write', 'copy').filter((fact) => textsOf(fact).some(isStartupPath));
    const keys = callsOf(unit, 'registry-write').filter(
      (fact) => textsOf(fact).some(isStartupPath) || /Set/.test(fact.name),
    );
    const commands = callsOf(unit, 'process').filter((fact) => commandKindsOf(fact).has('persist'));
    return [...writes, ...keys, ...commands].map(callHit);
  },
};
