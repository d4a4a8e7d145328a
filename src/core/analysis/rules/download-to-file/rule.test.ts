import { testRule } from '../../../../../test/builders/python-package.ts';
import { downloadToFile } from './rule.ts';

testRule(downloadToFile, {
  seen: {
    'a response in a file':
      "import requests\nopen('x', 'wb').write(requests.get('https://collector.example.invalid').content)",
  },
  unseen: {
    'a constant in a file': "open('x', 'w').write('1')",
  },
});
