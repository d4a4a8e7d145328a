import { testRule } from '../../../../../test/builders/python-package.ts';
import { packageInstall } from './rule.ts';

testRule(packageInstall, {
  seen: {
    'pip as a process':
      "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'demo-extra'])",
    'pip as a library': "from pip._internal import main\nmain(['install', 'demo-extra'])",
  },
  unseen: {
    'the package itself': "import os\nos.system('pip install .')",
  },
});
