import { testRule } from '../../../../../test/builders/python-package.ts';
import { decodedCommand } from './rule.ts';

testRule(decodedCommand, {
  seen: {
    'a decoded command': "import base64, os\nos.system(base64.b64decode('ZGVtbyAtLXF1aWV0').decode())",
    'a shell that decodes': "import os\nos.system('echo ZGVtbw== | base64 -d | sh')",
    'an encoded PowerShell command':
      "import subprocess\nsubprocess.Popen('powershell -EncodedCommand ZQBjAGgAbwAgADEA')",
  },
  unseen: {
    'a plain command': "import os\nos.system('demo -d')",
  },
});
