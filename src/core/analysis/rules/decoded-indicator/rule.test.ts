import { testRule } from '../../../../../test/builders/python-package.ts';
import { decodedIndicator } from './rule.ts';

testRule(decodedIndicator, {
  seen: {
    'an encoded address': "import base64\nurl = base64.b64decode('aHR0cHM6Ly9jb2xsZWN0b3IuZXhhbXBsZS5pbnZhbGlkL3g=')",
    'source encoded as hex': "import binascii\nx = binascii.unhexlify('696d706f7274206f73')",
  },
  unseen: {
    'an encoded word': "import base64\nx = base64.b64decode('aGVsbG8gd29ybGQ=')",
  },
});
