import { testRule } from '../../../../../test/builders/python-package.ts';
import { destruction } from './rule.ts';

testRule(destruction, {
  seen: {
    'a tree that is removed': "import os\nos.system('rm -rf ~')",
    'a machine that is stopped': "import os\nos.system('shutdown /s /t 0')",
  },
  unseen: {
    'a build folder that is removed': "import os\nos.system('rm -rf build')",
  },
});
