import { testRule } from '../../../../../test/builders/python-package.ts';
import { hiddenCode } from './rule.ts';

testRule(hiddenCode, {
  seen: {
    'code behind spaces':
      'x = 1;                                                                                                                                                                                                        import os',
  },
  unseen: {
    'a table with wide columns':
      "x = ['a',                                                                                                                                                                                                        'b']",
  },
});
