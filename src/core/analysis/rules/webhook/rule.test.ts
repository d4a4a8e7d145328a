import { testRule } from '../../../../../test/builders/python-package.ts';
import { webhook } from './rule.ts';

testRule(webhook, {
  seen: {
    'a chat webhook': "import requests\nrequests.post('https://discord.com/api/webhooks/1/x', json={})",
  },
  unseen: {
    'a secret of the caller':
      "import requests\ndef notify(token):\n    requests.post('https://chat.example.invalid/' + token)",
  },
});
