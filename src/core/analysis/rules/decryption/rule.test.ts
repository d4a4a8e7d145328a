import { testRule } from '../../../../../test/builders/python-package.ts';
import { decryption } from './rule.ts';

testRule(decryption, {
  seen: {
    'an AES cipher': 'from Crypto.Cipher import AES\ndef f():\n    return AES.new(open("k").read(), 1).decrypt(DATA)',
  },
  unseen: {
    'what a caller passes': 'from Crypto.Cipher import AES\ndef f(k, x):\n    return AES.new(k, 1).decrypt(x)',
    encryption: 'from Crypto.Cipher import AES\ndef f(k, x):\n    return AES.new(k, 1).encrypt(x)',
  },
});
