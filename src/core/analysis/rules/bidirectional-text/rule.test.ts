import { testRule } from '../../../../../test/builders/python-package.ts';
import { bidirectionalText } from './rule.ts';

testRule(bidirectionalText, {
  seen: {
    'an override': "access = 'user\u202e # admin'",
  },
  unseen: {
    'right-to-left text': "greeting = '\u05e9\u05dc\u05d5\u05dd'",
  },
});
