import { testRule } from '../../../../../test/builders/python-package.ts';
import { encodedCode } from './rule.ts';

testRule(encodedCode, {
  seen: {
    'base64 in exec': "import base64\nexec(base64.b64decode('aW1wb3J0IG9zCm9zLmdldGN3ZCgp'))",
    'XOR in a function that nobody calls': "def f():\n    exec(''.join(chr(ord(c) ^ 1) for c in 'hlqnsu!nr'))",
  },
  unseen: {
    'plain text in exec': "exec('import os')",
    'decoded data': "import base64\nx = base64.b64decode('aW1wb3J0IG9z')",
  },
});
