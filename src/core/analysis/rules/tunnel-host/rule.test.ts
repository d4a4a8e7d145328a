import { testRule } from '../../../../../test/builders/python-package.ts';
import { tunnelHost } from './rule.ts';

testRule(tunnelHost, {
  seen: {
    'a tunnel': "import requests\nrequests.get('https://demo.ngrok.io/')",
  },
  unseen: {
    'another host': "import requests\nrequests.get('https://collector.example.invalid')",
  },
});
