import { testRule } from '../../../../../test/builders/python-package.ts';
import { republication } from './rule.ts';

testRule(republication, {
  seen: {
    'an upload with a token that was found':
      "import os\ntoken = open(os.path.expanduser('~/.pypirc')).read()\nos.system('twine upload -p ' + token + ' dist/*')",
    'an upload at import': { 'setup.py': '', 'demo/__init__.py': "import os\nos.system('twine upload dist/*')" },
    'a workflow': "open('.github/workflows/x.yml', 'w').write('on: push')",
    'a repository': "import requests\nrequests.post('https://api.github.com/user/repos', json={'name': 'x'})",
  },
  unseen: {
    'the command of an author in setup.py':
      "import os, sys\nif sys.argv[-1] == 'publish':\n    os.system('twine upload dist/*')",
    'a command of a release tool': {
      'setup.py': '',
      'demo.py': "import os\ndef release():\n    os.system('twine upload dist/*')",
    },
  },
});
