import { testRule } from '../../../../../test/builders/python-package.ts';
import { tunnelHostMention } from './rule.ts';

testRule(tunnelHostMention, {
  seen: {
    'a tunnel': "X = 'https://abc.trycloudflare.com'",
  },
  unseen: {
    'another host': "X = 'https://collector.example.invalid'",
  },
});
