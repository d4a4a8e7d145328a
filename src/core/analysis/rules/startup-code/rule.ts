import { callHit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const startupCode: Rule = {
  id: 'startup-code',
  title: 'runs at every start of Python',
  description: 'A .pth line, sitecustomize or usercustomize that executes code.',
  remedy: 'Allow only start-up files whose every line you know.',
  detect(unit) {
    return unit.facts.flatMap((fact) =>
      fact.place.context === 'start-up' && fact.kind === 'call' ? [callHit(fact)] : [],
    );
  },
};
