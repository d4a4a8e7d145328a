import { requestsOf, sideBySide } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

/** Calls that tell machines and users apart; listing a folder does not. */
const TELLING =
  /gethostname|getfqdn|getuser|getlogin|uname|getnode|platform\.(?:node|platform)|getpw|virtual_memory|wmi/i;

export const hostBesideNetwork: Rule = {
  id: 'host-beside-network',
  title: 'collects machine facts next to a request',
  description:
    'Host name, user or platform is read in the body that makes a request; the flow between them could not be proven.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return sideBySide(
      requestsOf(unit),
      callsOf(unit, 'host').filter((fact) => TELLING.test(fact.name)),
    );
  },
};
