import { testRule } from '../../../../../test/builders/python-package.ts';
import { secretStore } from './rule.ts';

testRule(secretStore, {
  seen: {
    'two kinds of stores':
      "import os\na = os.path.join(os.getenv('LOCALAPPDATA'), 'Google', 'Chrome', 'User Data', 'Default', 'Login Data')\nb = '/home/x/.ssh/id_rsa'",
    'cookies of all browsers': 'import browser_cookie3\nbrowser_cookie3.chrome()',
  },
  unseen: {
    'one profile of a vendor': "p = '~/.aws/credentials'",
  },
});
