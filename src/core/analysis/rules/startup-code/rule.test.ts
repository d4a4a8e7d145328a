import { testRule } from '../../../../../test/builders/python-package.ts';
import { startupCode } from './rule.ts';

testRule(startupCode, {
  seen: {
    'a line of a .pth file': { 'setup.py': '', 'demo.pth': 'import os; os.system("demo")' },
  },
  unseen: {
    'a path in a .pth file': { 'setup.py': '', 'demo.pth': './src' },
  },
});
