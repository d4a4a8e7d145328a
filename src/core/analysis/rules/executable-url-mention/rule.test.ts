import { testRule } from '../../../../../test/builders/python-package.ts';
import { executableUrlMention } from './rule.ts';

testRule(executableUrlMention, {
  seen: {
    'a program': "X = 'https://collector.example.invalid/setup.exe'",
  },
  unseen: {
    'a page': "X = 'https://collector.example.invalid/setup.html'",
  },
});
