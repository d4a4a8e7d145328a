import { testRule } from '../../../../../test/builders/python-package.ts';
import { clipboardReplacement } from './rule.ts';

testRule(clipboardReplacement, {
  seen: {
    'a swap': "import pyperclip\ndef swap():\n    if pyperclip.paste().startswith('x'):\n        pyperclip.copy('y')",
  },
  unseen: {
    'a copy': "import pyperclip\npyperclip.copy('y')",
  },
});
