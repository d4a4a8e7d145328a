import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const recording: Rule = {
  id: 'recording',
  title: 'reads clipboard, screen or keyboard',
  description: 'The clipboard, a screenshot, key strokes or the camera is read.',
  remedy: 'Only tools made for it have a reason to.',
  detect(unit) {
    return callsOf(unit, 'clipboard-read', 'record').map(callHit);
  },
};
