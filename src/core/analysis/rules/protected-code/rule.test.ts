import { testRule } from '../../../../../test/builders/python-package.ts';
import { protectedCode } from './rule.ts';

testRule(protectedCode, {
  seen: {
    'a protector': 'from pyarmor_runtime import __pyarmor__\n__pyarmor__(1)',
  },
  unseen: {
    'an ordinary import': 'import runtime',
  },
});
