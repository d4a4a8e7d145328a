import { testRule } from '../../../../../test/builders/python-package.ts';
import { rawAddress } from './rule.ts';

testRule(rawAddress, {
  seen: {
    'a public address': "import requests\nrequests.get('http://45.67.89.10/a')",
    'a socket to one': "import socket\nsocket.socket().connect(('45.67.89.10', 9))",
  },
  unseen: {
    'a private address': "import requests\nrequests.get('http://192.168.1.10/a')",
    'a resolver': "import requests\nrequests.get('https://8.8.8.8/resolve')",
  },
});
