import { callHit, commandKindsOf, commandOf, hit, processesOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const packageInstall: Rule = {
  id: 'package-install',
  title: 'installs another package by itself',
  description: 'An installer such as pip is started or called, past the requirements that a reviewer sees.',
  remedy: 'The dependency belongs into the metadata. Review the package that is installed too.',
  detect(unit) {
    const commands = processesOf(unit).filter(
      (fact) => commandKindsOf(fact).has('install-package') || /-m pip install\b/.test(commandOf(fact)),
    );
    return [...commands.map((fact) => hit(fact, commandOf(fact))), ...callsOf(unit, 'install-package').map(callHit)];
  },
};
