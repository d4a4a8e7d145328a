import { testRule } from '../../../../../test/builders/python-package.ts';
import { antiAnalysis } from './rule.ts';

testRule(antiAnalysis, {
  seen: {
    'a tool that is looked for beside a request':
      "import requests\nNAMES = ['wireshark', 'C:/vmtoolsd.exe']\nrequests.get('https://collector.example.invalid')",
  },
  unseen: {
    'the address of a service': "import requests\nrequests.get('https://www.virustotal.com/api')",
    'the name alone': "NAMES = ['C:/vmtoolsd.exe']",
  },
});
