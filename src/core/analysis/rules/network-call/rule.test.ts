import { testRule } from '../../../../../test/builders/python-package.ts';
import { networkCall } from './rule.ts';

testRule(networkCall, {
  seen: {
    'a request while a wheel is built': "import requests\nrequests.get('https://collector.example.invalid/')",
    'a client that is imported under another name':
      "import urllib.request as u\nu.urlopen('https://collector.example.invalid')",
    'a name that is built at run time':
      "m = __import__('req' + 'uests')\ngetattr(m, 'po' + 'st')('https://collector.example.invalid')",
    'a constant name that is looked up, whose owner sees it':
      "import socket\nsocket.gethostbyname('demo.collector.example.invalid')",
    'a socket that connects': "import socket\ns = socket.socket()\ns.connect(('collector.example.invalid', 4444))",
  },
  unseen: {
    'a look-up of its own name': 'import socket\nsocket.gethostbyname(socket.gethostname())',
    'a request to the machine itself': "import requests\nrequests.get('http://localhost:8080/')",
    'a method of the same name on a dict': "settings = {}\nsettings.get('x')",
  },
});
