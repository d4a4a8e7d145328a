import { testRule } from '../../../../../test/builders/python-package.ts';
import { decodeBesideExecution } from './rule.ts';

testRule(decodeBesideExecution, {
  seen: {
    'both in one body': 'import base64\ntable = base64.b64decode(input())\nexec(input())',
  },
  unseen: {
    'a decoder of what the caller brings': 'import base64\ndef load(x):\n    return eval(base64.b64decode(x))',
    'both in different functions': 'import base64\ndef a(x):\n    return base64.b64decode(x)\ndef b(x):\n    exec(x)',
  },
});
