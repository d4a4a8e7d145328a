import { testRule } from '../../../../../test/builders/python-package.ts';
import { unparsableCode } from './rule.ts';

testRule(unparsableCode, {
  seen: { 'a syntax error': 'import os\nos.system("demo"\n', 'a template': '{% if x %}\nimport os\n{% endif %}\n' },
  unseen: {
    'Python 2': 'print "hello"\nexec "x = 1"\nraise E, "message"\n',
    'new syntax': 'type X = int\ndef f[T](x): ...\nmatch 1:\n    case _: pass\n',
  },
});
