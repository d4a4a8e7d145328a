import { testRule } from '../../../../../test/builders/python-package.ts';
import { decodedIndicator } from './rule.ts';

testRule(decodedIndicator, {
  seen: {
    'an encoded address': "import base64\nurl = base64.b64decode('aHR0cHM6Ly9jb2xsZWN0b3IuZXhhbXBsZS5pbnZhbGlkL3g=')",
    'an address in character codes': 'x = [104, 116, 116, 112, 58, 47, 47, 97, 46, 98, 99, 47, 100]',
    'an encoded address of a known host': "import base64\nx = base64.b64decode('aHR0cHM6Ly9naXRodWIuY29tL2RlbW8veA==')",
    'source encoded as hex': "import binascii\nx = binascii.unhexlify('696d706f7274206f73')",
  },
  unseen: {
    'a table of numbers': 'x = [104, 101, 108, 108, 111, 32, 119, 111, 114, 108, 100, 33, 33]',
    'an encoded word': "import base64\nx = base64.b64decode('aGVsbG8gd29ybGQ=')",
  },
});
