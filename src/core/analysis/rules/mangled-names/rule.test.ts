import { testRule } from '../../../../../test/builders/python-package.ts';
import { mangledNames } from './rule.ts';

testRule(mangledNames, {
  seen: {
    'names of one letter':
      'OOOO0O0O0O = 0\nOOOO0O0O0O0O = 1\nOOOO0O0O0O0O0O = 2\nOOOO0O0O0O = 3\nOOOO0O0O0O0O = 4\nOOOO0O0O0O0O0O = 5\nOOOO0O0O0O = 6\nOOOO0O0O0O0O = 7\nOOOO0O0O0O0O0O = 8\nOOOO0O0O0O = 9\nOOOO0O0O0O0O = 10\nOOOO0O0O0O0O0O = 11\nOOOO0O0O0O = 12\nOOOO0O0O0O0O = 13\nOOOO0O0O0O0O0O = 14\nOOOO0O0O0O = 15\nOOOO0O0O0O0O = 16\nOOOO0O0O0O0O0O = 17\nOOOO0O0O0O = 18\nOOOO0O0O0O0O = 19\nOOOO0O0O0O0O0O = 20\nOOOO0O0O0O = 21\nOOOO0O0O0O0O = 22\nOOOO0O0O0O0O0O = 23\nOOOO0O0O0O = 24\nOOOO0O0O0O0O = 25\nOOOO0O0O0O0O0O = 26\nOOOO0O0O0O = 27\nOOOO0O0O0O0O = 28\nOOOO0O0O0O0O0O = 29',
  },
  unseen: {
    'bit masks': Array.from({ length: 30 }, (_, at) => `m${at} = 0b1 + 1${'0'.repeat(8)}`).join('\n'),
    'a few constants': 'OOO = 1\nIII = 2',
  },
});
