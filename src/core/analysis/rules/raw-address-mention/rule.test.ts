import { testRule } from '../../../../../test/builders/python-package.ts';
import { rawAddressMention } from './rule.ts';

testRule(rawAddressMention, {
  seen: {
    'a public address': "X = 'http://45.67.89.10/a'",
  },
  unseen: {
    'a private address': "X = 'http://10.0.0.1/a'",
  },
});
