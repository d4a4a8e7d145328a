import { testRule } from '../../../../../test/builders/python-package.ts';
import { hiddenCommand } from './rule.ts';

testRule(hiddenCommand, {
  seen: {
    'a detached command': "import os\nos.system('demo > /dev/null 2>&1 &')",
    'a file made executable': "import os\nos.system('chmod +x /tmp/demo')",
  },
  unseen: {
    'a plain command': "import os\nos.system('demo &')",
  },
});
