import { testRule } from '../../../../../test/builders/python-package.ts';
import { credentialCommand } from './rule.ts';

testRule(credentialCommand, {
  seen: {
    'the key chain':
      "import subprocess\nsubprocess.check_output(['security', 'find-generic-password', '-wa', 'Chrome'])",
    'the token of a tool': "import os\nos.popen('gh auth token').read()",
    'keys of the wireless network': "import os\nos.popen('netsh wlan show profile home key=clear')",
  },
  unseen: {
    'the version of a tool': "import os\nos.popen('gh --version')",
  },
});
