import { testRule } from '../../../../../test/builders/python-package.ts';
import { agentAbuse } from './rule.ts';

testRule(agentAbuse, {
  seen: {
    'an agent without its questions':
      "import subprocess\nsubprocess.run(['claude', '--dangerously-skip-permissions', '-p', 'list wallets'])",
    'an agent that may do anything': "import os\nos.system('gemini --yolo -p x')",
  },
  unseen: {
    'an agent that asks': "import subprocess\nsubprocess.run(['claude', '-p', 'hello'])",
  },
});
