import { testRule } from '../../../../../test/builders/python-package.ts';
import { writtenCode } from './rule.ts';

testRule(writtenCode, {
  seen: {
    'a module': "open('x.py', 'w').write('import os\\nprint(os.name)')",
    'a batch file': "open('x.bat', 'w').write('@echo off\\ndemo')",
  },
  unseen: {
    'a text': "open('x.txt', 'w').write('import nothing')",
  },
});
