import { testRule } from '../../../../../test/builders/python-package.ts';
import { writtenCode } from './rule.ts';

testRule(writtenCode, {
  seen: {
    'a module': "open('x.py', 'w').write('import os\\nprint(os.name)')",
    'a module that is written line by line': "f = open('x.py', 'w')\nf.write('import ')\nf.write('os')",
    'a batch file': "open('x.bat', 'w').write('@echo off\\ndemo')",
  },
  unseen: {
    'lines of a text': "f = open('x.txt', 'w')\nf.write('import')\nf.write('ant')",
    'a text': "open('x.txt', 'w').write('import nothing')",
  },
});
