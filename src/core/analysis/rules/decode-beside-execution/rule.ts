import { isOfCaller, sideBySide } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const decodeBesideExecution: Rule = {
  id: 'decode-beside-execution',
  title: 'decodes and executes in one place',
  description:
    'A decoder and exec stand in the same body, but the flow between them could not be proven. Serialisers and template engines may look alike.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const decoders = callsOf(unit, 'decode', 'decrypt').filter((fact) => !isOfCaller(fact));
    return sideBySide(callsOf(unit, 'execute'), decoders);
  },
};
