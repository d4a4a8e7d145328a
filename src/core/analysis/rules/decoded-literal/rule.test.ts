import { testRule } from '../../../../../test/builders/python-package.ts';
import { decodedLiteral } from './rule.ts';

testRule(decodedLiteral, {
  seen: {
    'a text in base64': "import base64\nx = base64.b64decode('aGVsbG8gd29ybGQsIGhlbGxv')",
  },
  unseen: {
    'an icon':
      "import base64\nx = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==')",
    'data of the caller': 'import base64\ndef f(x):\n    return base64.b64decode(x)',
  },
});
