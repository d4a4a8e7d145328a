import { testRule } from '../../../../../test/builders/python-package.ts';
import { callbackCatcher } from './rule.ts';

testRule(callbackCatcher, {
  seen: {
    'a request bin': "import requests\nrequests.get('https://demo.oast.fun/')",
    'a look-up': "import socket\nsocket.gethostbyname('demo.interact.sh')",
  },
  unseen: {
    'a host of the name as a label': "import requests\nrequests.get('https://oast.fun.demo.invalid/')",
  },
});
