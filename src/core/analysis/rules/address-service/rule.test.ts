import { testRule } from '../../../../../test/builders/python-package.ts';
import { addressService } from './rule.ts';

testRule(addressService, {
  seen: {
    'a service': "import requests\nrequests.get('https://api.ipify.org')",
  },
  unseen: {
    'another host': "import requests\nrequests.get('https://collector.example.invalid')",
  },
});
