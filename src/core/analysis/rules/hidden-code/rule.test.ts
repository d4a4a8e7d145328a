import { testRule } from '../../../../../test/builders/python-package.ts';
import { hiddenCode } from './rule.ts';

testRule(hiddenCode, {
  seen: {
    'code behind spaces':
      'x = 1;                                                                                                                                                                                                        import os',
    'code behind tabs': `x = 1;${'\t'.repeat(130)}import os`,
    'code far below': `x = 1${'\n'.repeat(300)}import os\n`,
  },
  unseen: {
    'many empty lines before a comment': `x = 1${'\n'.repeat(200)}# the end\n`,
    'a table with wide columns':
      "x = ['a',                                                                                                                                                                                                        'b']",
  },
});
