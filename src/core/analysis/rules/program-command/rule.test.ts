import { testRule } from '../../../../../test/builders/python-package.ts';
import { programCommand } from './rule.ts';

testRule(programCommand, {
  seen: {
    'an executable': "import os\nos.system('demo.exe /q')",
    'a file opened by its program': "import os\nos.startfile('demo.pdf')",
  },
  unseen: {
    'a plain command': "import os\nos.system('demo /q')",
  },
});
