import { callHit, hit, textsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

const SCRIPT = /^(?:#!\/|@echo off)|\bWScript\.|\bpowershell\b/i;

export const writtenCode: Rule = {
  id: 'written-code',
  title: 'writes program text to a file',
  description: 'Python source or a script is written to a file. Code generators do this where their user asks for it.',
  remedy: 'Read what is written and when it would run.',
  detect(unit) {
    const layers = unit.facts.flatMap((fact) =>
      fact.kind === 'layer' && fact.how === 'written' ? [hit(fact, fact.text)] : [],
    );
    return [
      ...layers,
      ...callsOf(unit, 'write')
        .filter((fact) => textsOf(fact).some((text) => SCRIPT.test(text)))
        .map(callHit),
    ];
  },
};
