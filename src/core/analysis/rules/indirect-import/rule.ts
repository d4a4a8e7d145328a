import { hit } from '../read-call.ts';
import type { Rule } from '../rule.ts';

const SYSTEM =
  /^(?:os|socket|subprocess|base64|urllib(?:\.request)?|marshal|zlib|http\.client|winreg|codecs|binascii)$/;

export const indirectImport: Rule = {
  id: 'indirect-import',
  title: 'imports a system module by its name in a string',
  description:
    'A system module (os, socket, subprocess, base64 and the like) is imported through __import__ or importlib with a constant name, which hides it from readers.',
  remedy: 'Ask why the import is not written as one.',
  detect(unit) {
    return unit.facts.flatMap((fact) =>
      fact.kind === 'import' && fact.dynamic && SYSTEM.test(fact.name) ? [hit(fact, fact.name)] : [],
    );
  },
};
