import { testRule } from '../../../../../test/builders/python-package.ts';
import { oddDomain } from './rule.ts';

testRule(oddDomain, {
  seen: {
    'a cheap domain': "import requests\nrequests.get('https://collector.top/')",
  },
  unseen: {
    'an ordinary domain': "import requests\nrequests.get('https://collector.example.invalid')",
  },
});
