import { testRule } from '../../../../../test/builders/python-package.ts';
import { pasteHostMention } from './rule.ts';

testRule(pasteHostMention, {
  seen: {
    'a paste': "X = 'https://pastebin.com/raw/x'",
  },
  unseen: {
    'the own repository': "X = 'https://raw.githubusercontent.com/demo/demo/main/data.json'",
  },
});
