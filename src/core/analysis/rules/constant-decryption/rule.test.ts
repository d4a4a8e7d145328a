import { testRule } from '../../../../../test/builders/python-package.ts';
import { constantDecryption } from './rule.ts';

testRule(constantDecryption, {
  seen: {
    'a literal key':
      "from cryptography.fernet import Fernet\nx = Fernet(b'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=').decrypt(open('data').read())",
  },
  unseen: {
    'the key of the caller':
      'from cryptography.fernet import Fernet\ndef f(key, x):\n    return Fernet(key).decrypt(x)',
  },
});
