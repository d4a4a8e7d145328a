import { testRule } from '../../../../../test/builders/python-package.ts';
import { secretSweep } from './rule.ts';

testRule(secretSweep, {
  seen: {
    'keys of clouds and tools':
      "paths = ['~/.aws/credentials', '~/.kube/config', '~/.npmrc', '~/.pypirc', '~/.ssh/id_rsa']",
    'a scanner': "import subprocess\nsubprocess.run(['./trufflehog', 'filesystem', '/home', '--json'])",
  },
  unseen: {
    'the profile of one cloud': "paths = ['~/.aws/credentials', '~/.aws/config']",
  },
});
