import { TAINT } from '../../values/taint.ts';
import { callHit, commandKindsOf, commandOf, hit, requestsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const reverseShell: Rule = {
  id: 'reverse-shell',
  title: 'gives a remote host a shell',
  description:
    'A shell is tied to a socket: dup2 on a connection, /dev/tcp, nc -e, or commands received from a socket.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const requests = requestsOf(unit).filter((fact) => fact.name.startsWith('socket.'));
    const tied = requests.length === 0 ? [] : callsOf(unit, 'duplicate-descriptor').map(callHit);
    const commands = callsOf(unit, 'process').filter(
      (fact) =>
        commandKindsOf(fact).has('reverse-shell') || (requests.length > 0 && (fact.taint & TAINT.network) !== 0),
    );
    return [...tied, ...commands.map((fact) => hit(fact, commandOf(fact)))];
  },
};
