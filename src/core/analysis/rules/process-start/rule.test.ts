import { testRule } from '../../../../../test/builders/python-package.ts';
import { processStart } from './rule.ts';

testRule(processStart, {
  seen: {
    'a shell command': "import os\nos.system('start demo')",
    'a program through an alias': "from subprocess import Popen as p\np(['demo', '--quiet'])",
  },
  unseen: {
    'a build tool with constant arguments': "import subprocess\nsubprocess.check_call(['cmake', '--build', '.'])",
    'the empty command that turns colours on': "import os\nos.system('')",
  },
});
