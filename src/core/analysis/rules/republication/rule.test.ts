import { testRule } from '../../../../../test/builders/python-package.ts';
import { republication } from './rule.ts';

testRule(republication, {
  seen: {
    'an upload at import': { 'setup.py': '', 'demo/__init__.py': "import os\nos.system('twine upload dist/*')" },
    'a workflow': "open('.github/workflows/x.yml', 'w').write('on: push')",
    'a repository': "import requests\nrequests.post('https://api.github.com/user/repos', json={'name': 'x'})",
  },
  unseen: {
    'a command of a release tool': {
      'setup.py': '',
      'demo.py': "import os\ndef release():\n    os.system('twine upload dist/*')",
    },
  },
});
