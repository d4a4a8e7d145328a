import { testRule } from '../../../../../test/builders/python-package.ts';
import { pasteHost } from './rule.ts';

testRule(pasteHost, {
  seen: {
    'a paste': "import requests\nrequests.get('https://pastebin.com/raw/x')",
  },
  unseen: {
    'the own repository': "import requests\nrequests.get('https://raw.githubusercontent.com/demo/demo/main/data.json')",
  },
});
