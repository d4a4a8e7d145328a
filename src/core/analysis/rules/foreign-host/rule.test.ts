import { testRule } from '../../../../../test/builders/python-package.ts';
import { foreignHost } from './rule.ts';

testRule(foreignHost, {
  seen: {
    'a fixed host': "import requests\nrequests.post('https://collector.example.invalid/x')",
  },
  unseen: {
    'a host with the name of the project': "import requests\nrequests.get('https://api.demo.invalid/')",
    'what a caller asks a service':
      "import requests\ndef ask(key):\n    requests.get('https://api.example.invalid', params=key)",
    'a platform': "import requests\nrequests.get('https://pypi.org/simple/')",
  },
});
