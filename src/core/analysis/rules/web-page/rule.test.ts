import { testRule } from '../../../../../test/builders/python-package.ts';
import { webPage } from './rule.ts';

testRule(webPage, {
  seen: {
    'a page at installation': "import webbrowser\nwebbrowser.open('https://collector.example.invalid')",
  },
  unseen: {
    'a page when called': {
      'setup.py': '',
      'demo.py': "import webbrowser\ndef show():\n    webbrowser.open('https://demo.invalid')",
    },
  },
});
