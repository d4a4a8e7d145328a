import { processesOf, requestsOf, sideBySide } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const downloadBesideRun: Rule = {
  id: 'download-beside-run',
  title: 'downloads, writes and starts in one place',
  description:
    'One body makes a request, writes a file and starts a program; the flow between them could not be proven.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const bodies = new Set(callsOf(unit, 'write', 'copy', 'unpack').map((fact) => fact.place.scope));
    const requests = requestsOf(unit).filter(
      (fact) => bodies.has(fact.place.scope) || /retrieve|download/.test(fact.name),
    );
    return sideBySide(processesOf(unit), requests);
  },
};
