import { TAINT } from '../../values/taint.ts';
import { callHit, requestsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const recordingExfiltration: Rule = {
  id: 'recording-exfiltration',
  title: 'sends clipboard, screen or key strokes to the network',
  description: 'What the user copies, sees or types reaches a request.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsOf(unit)
      .filter((fact) => (fact.taint & (TAINT.clipboard | TAINT.recording)) !== 0)
      .map(callHit);
  },
};
